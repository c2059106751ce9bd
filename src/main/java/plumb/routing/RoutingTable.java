package plumb.routing;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.Slot;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;

/// Whose key is it? An immutable interval map over the ranges of every domain, as of one routing version.
public final class RoutingTable {
    private static final RoutingTable EMPTY = new RoutingTable(Map.of(), Set.of(), 0);

    private final Map<String, DomainRoutes> domains;
    private final Set<Incarnation> living;
    private final long version;

    private RoutingTable(Map<String, DomainRoutes> domains, Set<Incarnation> living, long version) {
        this.domains = domains;
        this.living = living;
        this.version = version;
    }

    /// Knows no domain.
    public static RoutingTable empty() {
        return EMPTY;
    }

    /// @throws IllegalArgumentException if no range of that domain is known
    public Route route(Key key) {
        return route(key.domain(), key.slot());
    }

    /// Allocates nothing.
    ///
    /// @throws IllegalArgumentException if no range of that domain contains the slot
    public Route route(String domain, Slot slot) {
        DomainRoutes routes = domains.get(domain);
        Route route = routes == null ? null : routes.find(slot);
        if (route == null)
            throw new IllegalArgumentException("no range of domain " + domain + " contains slot " + slot.value());
        return route;
    }

    /// Every route of a domain in order of keys; empty if the domain is unknown.
    public List<Route> routes(String domain) {
        DomainRoutes routes = domains.get(domain);
        return routes == null ? List.of() : routes.all();
    }

    /// The domains of which ranges are known.
    public Set<String> domains() {
        return domains.keySet();
    }

    /// False: it was declared dead, has left or is not known yet.
    public boolean isLiving(Incarnation incarnation) {
        return living.contains(incarnation);
    }

    /// The routing version that this table has seen.
    public long version() {
        return version;
    }

    /// The table after these rows. A row evicts every known range that it overlaps (that is how a merge shows), unless
    /// one of them changed later: then the page was read earlier and is late.
    ///
    /// @param me whose routes are local; null: nobody's yet
    /// @param instances every instance that may serve; an owner that is missing or DEAD makes a range unowned
    public RoutingTable with(@Nullable Incarnation me, RangePage page, Map<Incarnation, InstanceRow> instances) {
        var rows = new HashMap<String, NavigableMap<Long, RangeRow>>();
        domains.forEach((domain, routes) -> rows.put(domain, routes.rows()));
        for (RangeRow row : page.ranges()) put(rows.computeIfAbsent(row.domain(), domain -> new TreeMap<>()), row);
        var next = new HashMap<String, DomainRoutes>();
        rows.forEach((domain, known) -> next.put(domain, DomainRoutes.of(known, me, instances)));
        Set<Incarnation> living = instances.values().stream()
                .filter(row -> row.state() != InstanceRow.State.DEAD)
                .map(InstanceRow::incarnation)
                .collect(toUnmodifiableSet());
        return new RoutingTable(Map.copyOf(next), living, Math.max(version, page.version()));
    }

    private static void put(NavigableMap<Long, RangeRow> known, RangeRow row) {
        var overlapped = new ArrayList<RangeRow>();
        Map.Entry<Long, RangeRow> before = known.lowerEntry(row.keys().lo());
        if (before != null && before.getValue().keys().overlaps(row.keys())) overlapped.add(before.getValue());
        overlapped.addAll(known.subMap(row.keys().lo(), row.keys().hi()).values());
        for (RangeRow other : overlapped) if (other.version() > row.version()) return;
        for (RangeRow other : overlapped) known.remove(other.keys().lo());
        known.put(row.keys().lo(), row);
    }
}
