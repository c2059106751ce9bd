package plumb.ownership;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// The range rows as the keeper last read them. Used by the keeper's thread alone, except for the version.
final class KnownRanges {
    private final Map<RangeId, RangeRow> rows = new TreeMap<>();
    private volatile long version; // read by the renewal thread too

    /// Reads what changed since the last time.
    void readFrom(LeaseTable table) {
        LeaseTable.RangePage page = table.rangesSince(version);
        if (page.version() < version) { // a failover to a database that forgot: only a full read can be right
            rows.clear();
            page = table.rangesSince(0);
        }
        page.ranges().forEach(this::put);
        version = page.version();
    }

    private void put(RangeRow row) {
        rows.values()
                .removeIf(other -> other.domain().equals(row.domain())
                        && other.keys().overlaps(row.keys())
                        && !other.range().equals(row.range()));
        rows.put(row.range(), row);
    }

    Collection<RangeRow> rows() {
        return rows.values();
    }

    @Nullable
    RangeRow row(RangeId range) {
        return rows.get(range);
    }

    long version() {
        return version;
    }

    int size() {
        return rows.size();
    }

    /// Those that nobody among the living owns.
    List<RangeRow> orphaned(List<InstanceRow> living) {
        var owners = new HashSet<@Nullable Incarnation>();
        living.forEach(row -> owners.add(row.incarnation()));
        return rows.values().stream()
                .filter(row -> !owners.contains(row.owner()))
                .toList();
    }

    /// Ranges per participant, offers counted as if they were done.
    Map<Incarnation, Integer> counts(Set<Incarnation> participants) {
        var counts = new LinkedHashMap<Incarnation, Integer>();
        participants.forEach(one -> counts.put(one, 0));
        for (RangeRow row : rows.values()) {
            Incarnation holder = holder(row, participants);
            if (holder != null) counts.computeIfPresent(holder, (id, count) -> count + 1);
        }
        return counts;
    }

    /// Ranges of one participant per domain, offers counted as if they were done.
    Map<String, Integer> domains(Incarnation one, Set<Incarnation> participants) {
        var counts = new HashMap<String, Integer>();
        for (RangeRow row : rows.values())
            if (one.equals(holder(row, participants))) counts.merge(row.domain(), 1, Integer::sum);
        return counts;
    }

    private static @Nullable Incarnation holder(RangeRow row, Set<Incarnation> participants) {
        boolean promised = row.owner() != null && row.target() != null && participants.contains(row.target());
        return promised ? row.target() : row.owner();
    }
}
