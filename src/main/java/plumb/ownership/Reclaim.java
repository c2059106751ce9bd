package plumb.ownership;

import static java.util.stream.Collectors.toSet;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;

/// Ends tenures under which a commit got no answer, so that whatever a lost connection may still deliver fails at the
/// fence. Safe for use by any thread.
final class Reclaim {
    private final LeaseTable table;
    private final Holdings holdings;

    Reclaim(LeaseTable table, Holdings holdings) {
        this.table = table;
        this.holdings = holdings;
    }

    /// @return whether nothing can be committed any more under any of them
    boolean reclaim(Set<Tenure> tenures) {
        return holdings.locked(() -> {
            Set<Tenure> open = new HashSet<>(tenures);
            Incarnation me = holdings.me();
            if (me != null) open.removeAll(raised(me, tenures));
            return open.isEmpty() || ended(open);
        });
    }

    /// The tenures that were followed by another of ours.
    private Set<Tenure> raised(Incarnation me, Set<Tenure> tenures) {
        Set<Tenure> mine =
                tenures.stream().filter(tenure -> tenure.owner().equals(me)).collect(toSet());
        if (mine.isEmpty()) return mine;
        List<Lease> next = table.selfClaim(me, mine);
        mine.forEach(tenure -> holdings.lose(tenure, "reclaimed"));
        next.forEach(holdings::grant);
        var ranges = next.stream().map(Lease::range).collect(toSet());
        mine.removeIf(tenure -> !ranges.contains(tenure.range()));
        return mine;
    }

    /// A dead incarnation's tenure stands until somebody claims the range: what it commits till then passes the fence.
    private boolean ended(Set<Tenure> open) {
        return table.rangesSince(0).ranges().stream()
                .noneMatch(
                        row -> row.owner() != null && open.contains(new Tenure(row.range(), row.epoch(), row.owner())));
    }
}
