package plumb.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Slot;
import plumb.ownership.InstanceRow;
import plumb.ownership.RangeRow;

/// The routes of one domain in order of their lowest slot. Immutable.
///
/// A look-up begins where the slot would be if the ranges were even: most are, and then it takes as long among a
/// hundred thousand as among a hundred. Where splits have left slivers it searches as many as begin in that even place.
/// Bounds are kept apart from the routes, so that only the one route that is found is touched.
final class DomainRoutes {
    private final long[] los;
    private final long[] his;
    private final int[] starts; // per even place, and after the last: the last range that begins at or before it
    private final Route[] routes;
    private final List<RangeRow> rows;

    private DomainRoutes(List<RangeRow> rows, Route[] routes) {
        this.rows = rows;
        this.routes = routes;
        this.los = rows.stream().mapToLong(row -> row.keys().lo()).toArray();
        this.his = rows.stream().mapToLong(row -> row.keys().hi()).toArray();
        this.starts = starts(los);
    }

    private static int[] starts(long[] los) {
        int count = los.length;
        int[] starts = new int[count + 1];
        int last = 0;
        for (int place = 0; place <= count; place++) {
            long begin = Slot.SPACE * place / count;
            while (last + 1 < count && los[last + 1] <= begin) last++;
            starts[place] = last;
        }
        return starts;
    }

    /// @param rows by their lowest slot, at least one; none overlaps another
    static DomainRoutes of(
            NavigableMap<Long, RangeRow> rows, @Nullable Incarnation me, Map<Incarnation, InstanceRow> instances) {
        var routes =
                rows.values().stream().map(row -> routeOf(row, me, instances)).toArray(Route[]::new);
        return new DomainRoutes(List.copyOf(rows.values()), routes);
    }

    private static Route routeOf(RangeRow row, @Nullable Incarnation me, Map<Incarnation, InstanceRow> instances) {
        InstanceRow owner = row.owner() == null ? null : instances.get(row.owner());
        if (owner == null || owner.state() == InstanceRow.State.DEAD)
            return new Route.Unowned(row.domain(), row.range(), row.keys(), row.epoch(), owner);
        if (owner.incarnation().equals(me))
            return new Route.Local(row.domain(), row.range(), row.keys(), row.epoch(), owner);
        return new Route.Remote(row.domain(), row.range(), row.keys(), row.epoch(), owner);
    }

    /// Null: no range contains the slot.
    @Nullable
    Route find(Slot slot) {
        int place = KeyRange.evenPlace(slot.value(), los.length);
        int i = Arrays.binarySearch(los, starts[place], Math.min(starts[place + 1] + 1, los.length), slot.value());
        int candidate = i >= 0 ? i : -i - 2; // the last range that begins at or before the slot
        return candidate < 0 || slot.value() >= his[candidate] ? null : routes[candidate];
    }

    List<Route> all() {
        return List.of(routes);
    }

    /// A copy, to change.
    NavigableMap<Long, RangeRow> rows() {
        var copy = new TreeMap<Long, RangeRow>();
        for (RangeRow row : rows) copy.put(row.keys().lo(), row);
        return copy;
    }
}
