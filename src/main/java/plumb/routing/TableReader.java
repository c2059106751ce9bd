package plumb.routing;

import static java.util.stream.Collectors.toSet;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable;
import plumb.ownership.LeaseTable.RangePage;

/// Reads what changed and makes the next table of it. Used by the refresher's thread alone.
final class TableReader {
    private final LeaseTable table;
    private final Supplier<Optional<Incarnation>> me;
    private Map<Incarnation, InstanceRow> instances = Map.of();
    private @Nullable Incarnation lastMe;

    TableReader(LeaseTable table, Supplier<Optional<Incarnation>> me) {
        this.table = table;
        this.me = me;
    }

    /// The next table, or empty: nothing changed.
    Optional<RoutingTable> read(RoutingTable current) {
        Incarnation self = me.get().orElse(null);
        RoutingTable base = current;
        RangePage page = table.rangesSince(current.version());
        if (page.version() < current.version()) { // a failover to a database that forgot: only a full read can be right
            base = RoutingTable.empty();
            page = table.rangesSince(0);
        }
        Map<Incarnation, InstanceRow> next = known(); // after the ranges: an owner has registered before it claimed
        boolean same = page.ranges().isEmpty() && next.equals(instances) && Objects.equals(self, lastMe);
        if (same && page.version() == current.version()) return Optional.empty();
        RoutingTable table = base.with(self, page, next);
        instances = withoutTheForgotten(next, table);
        lastMe = self;
        return Optional.of(table);
    }

    /// The dead are remembered as long as a range names them as its last owner.
    private static Map<Incarnation, InstanceRow> withoutTheForgotten(
            Map<Incarnation, InstanceRow> known, RoutingTable table) {
        var kept = new HashMap<Incarnation, InstanceRow>(known);
        Set<InstanceRow> lastOwners = table.domains().stream()
                .flatMap(domain -> table.routes(domain).stream())
                .map(route -> route instanceof Route.Unowned unowned ? unowned.lastOwner() : null)
                .filter(Objects::nonNull)
                .collect(toSet());
        kept.values().removeIf(row -> row.state() == InstanceRow.State.DEAD && !lastOwners.contains(row));
        return kept;
    }

    /// Heartbeats are left out: they change all the time and mean nothing for routing. Who has vanished since is dead.
    private Map<Incarnation, InstanceRow> known() {
        var next = new HashMap<Incarnation, InstanceRow>();
        for (InstanceRow row : instances.values()) next.put(row.incarnation(), still(row, InstanceRow.State.DEAD));
        for (InstanceRow row : table.instances()) next.put(row.incarnation(), still(row, row.state()));
        return next;
    }

    private static InstanceRow still(InstanceRow row, InstanceRow.State state) {
        return new InstanceRow(row.incarnation(), row.info(), state, 0);
    }
}
