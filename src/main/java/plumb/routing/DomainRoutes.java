package plumb.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Slot;
import plumb.ownership.InstanceRow;
import plumb.ownership.RangeRow;

/// The routes of one domain in order of their lowest slot. Immutable.
final class DomainRoutes {
    private final long[] los;
    private final Route[] routes;
    private final List<RangeRow> rows;

    private DomainRoutes(List<RangeRow> rows, Route[] routes) {
        this.rows = rows;
        this.routes = routes;
        this.los = rows.stream().mapToLong(row -> row.keys().lo()).toArray();
    }

    /// @param rows by their lowest slot; none overlaps another
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
        int i = Arrays.binarySearch(los, slot.value());
        int candidate = i >= 0 ? i : -i - 2; // the last range that begins at or before the slot
        if (candidate < 0) return null;
        Route route = routes[candidate];
        return route.keys().contains(slot) ? route : null;
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
