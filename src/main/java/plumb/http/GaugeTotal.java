package plumb.http;

import jakarta.json.bind.annotation.JsonbNillable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;

/// A live gauge over all ranges of its domain, each counted once, as of one version of the routing table.
///
/// @param value the sum over `ranges`
/// @param complete whether every range is among them
/// @param version of the routing table whose ranges these are
/// @param ranges that were counted
/// @param missing that were not: without an owner, on their way to another one, or their owner did not answer
public record GaugeTotal(
        String gauge,
        String domain,
        long value,
        boolean complete,
        long version,
        List<Counted> ranges,
        List<Missing> missing) {

    /// @param owner name of the instance that said so, in that epoch
    public record Counted(int range, long epoch, String owner, long value) {}

    /// @param owner name of the instance; null: nobody
    @JsonbNillable
    public record Missing(int range, long epoch, @Nullable String owner) {}

    /// An epoch of a range is granted once, to one instance: two answers for one grant cannot be.
    record Grant(RangeId range, Epoch epoch) {
        static Grant of(Route route) {
            return new Grant(route.range(), route.epoch());
        }
    }

    /// @param routes of the domain, which tile its key space
    static GaugeTotal of(String gauge, String domain, long version, List<Route> routes, Map<Grant, Long> answers) {
        var counted = new ArrayList<Counted>();
        var missing = new ArrayList<Missing>();
        long value = 0;
        for (Route route : routes) {
            Long answer = answers.get(Grant.of(route));
            String owner = owner(route);
            int range = route.range().value();
            long epoch = route.epoch().value();
            if (answer == null || owner == null) {
                missing.add(new Missing(range, epoch, owner));
            } else {
                counted.add(new Counted(range, epoch, owner, answer));
                value += answer;
            }
        }
        return new GaugeTotal(gauge, domain, value, missing.isEmpty() && !routes.isEmpty(), version, counted, missing);
    }

    private static @Nullable String owner(Route route) {
        InstanceRow owner = switch (route) {
            case Route.Local local -> local.owner();
            case Route.Remote remote -> remote.owner();
            case Route.Unowned unowned -> null;
        };
        return owner == null ? null : owner.info().name();
    }
}
