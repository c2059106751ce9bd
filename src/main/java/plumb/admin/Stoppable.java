package plumb.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow;
import plumb.ownership.InstanceRow.State;
import plumb.routing.Route;
import plumb.routing.RoutingTable;

/// Whether an instance can be stopped now without a customer noticing, as far as it knows.
///
/// @param drained it owns nothing and gets nothing any more
/// @param ranges how many it owns
/// @param requests how many are inside now, forwarded ones too
/// @param reasons why not, one sentence each
public record Stoppable(boolean stoppable, boolean drained, int ranges, int requests, List<String> reasons) {
    /// @param me null: between two lives
    /// @param leaving it has been told to drain
    /// @param trusted its last renewal was in time
    /// @param assigned ranges are assigned to instances, nobody takes them over
    static Stoppable of(
            @Nullable Incarnation me,
            boolean leaving,
            boolean trusted,
            boolean assigned,
            int ranges,
            int moves,
            int requests,
            List<InstanceRow> living,
            RoutingTable table) {
        var reasons = new ArrayList<String>();
        List<InstanceRow> others =
                living.stream().filter(row -> !row.incarnation().equals(me)).toList();
        if (assigned && ranges > 0)
            reasons.add("Its " + ranges + " ranges are assigned to it: their requests are refused until it is back.");
        if (!assigned && others.stream().noneMatch(row -> row.state() == State.ALIVE))
            reasons.add("No other live instance can take its ranges.");
        others.stream()
                .filter(row -> row.state() == State.LEAVING)
                .forEach(row ->
                        reasons.add(row.info().name() + " is leaving, or does not serve yet; one after the other."));
        if (!trusted) reasons.add("It does not reach the database, so it cannot hand anything over.");
        if (moves > 0) reasons.add(moves + " of its ranges are being handed over.");
        long unowned = table.domains().stream()
                .flatMap(domain -> table.routes(domain).stream())
                .filter(Route.Unowned.class::isInstance)
                .count();
        if (unowned > 0) reasons.add(unowned + " ranges have no owner at the moment.");
        boolean drained = leaving && me != null && ranges == 0;
        if (drained) reasons.clear(); // whatever is wrong elsewhere, it is not needed
        if (drained && requests > 0) reasons.add(requests + " requests are on their way through it.");
        return new Stoppable(reasons.isEmpty(), drained, ranges, requests, reasons);
    }
}
