package plumb.ownership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// The range rows as the keeper last read them. Used by the keeper's thread alone, except for the version.
final class KnownRanges {
    private final Map<RangeId, RangeRow> rows = new TreeMap<>();
    private final Map<String, NavigableMap<Long, RangeRow>> byLowest = new HashMap<>(); // the same, per domain
    private volatile long version; // read by the renewal thread too

    /// Reads what changed since the last time.
    void readFrom(LeaseTable table) {
        LeaseTable.RangePage page = table.rangesSince(version);
        if (page.version() < version) { // a failover to a database that forgot: only a full read can be right
            rows.clear();
            byLowest.clear();
            page = table.rangesSince(0);
        }
        page.ranges().forEach(this::put);
        version = page.version();
    }

    /// A row replaces its former self, and every other that it overlaps: that is how a merge shows.
    void put(RangeRow row) {
        NavigableMap<Long, RangeRow> domain = byLowest.computeIfAbsent(row.domain(), first -> new TreeMap<>());
        RangeRow former = rows.put(row.range(), row);
        if (former != null) domain.remove(former.keys().lo());
        for (RangeRow covered : overlapping(row, domain)) {
            domain.remove(covered.keys().lo());
            rows.remove(covered.range());
        }
        domain.put(row.keys().lo(), row);
    }

    private static List<RangeRow> overlapping(RangeRow row, NavigableMap<Long, RangeRow> domain) {
        var overlapping =
                new ArrayList<>(domain.subMap(row.keys().lo(), row.keys().hi()).values());
        Map.Entry<Long, RangeRow> below = domain.lowerEntry(row.keys().lo());
        if (below != null && below.getValue().keys().overlaps(row.keys())) overlapping.add(below.getValue());
        return overlapping;
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
