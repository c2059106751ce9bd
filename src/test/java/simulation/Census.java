package simulation;

import java.util.Map;
import java.util.TreeMap;
import plumb.dispatch.DispatchStats;
import plumb.dispatch.DispatchStats.Event;
import plumb.ownership.InMemoryLeaseTable.Grant;

/// How often what happened, over many runs: a simulation in which a thing never happens says nothing about it.
final class Census {
    private final Map<String, Long> counts = new TreeMap<>();
    private long runs;
    private long steps;

    synchronized void add(World world) {
        runs++;
        steps += world.scheduler.steps();
        for (Grant grant : world.database.leases.history()) count("ranges by " + grant.reason(), 1);
        world.counts().forEach(this::count);
        for (Instance instance : world.instances()) add(instance.parts);
    }

    private void add(Parts parts) {
        DispatchStats dispatched = parts.dispatcher.stats();
        for (Event event : Event.values()) count("requests " + event, dispatched.count(event));
        count("turns refused by the fence", parts.lane.stats().refused());
        count("turns with bad data", parts.lane.stats().failed());
        count("lanes on which turns shared a commit", parts.lane.stats().largestBatch() > 1 ? 1 : 0);
        count("commits in doubt", parts.lane.stats().ambiguous());
        count("self-fences", parts.keeper.stats().selfFences());
        count("deaths confirmed", parts.confirmation.confirmed());
        count("reads of the routing table that failed", parts.routing.failures());
    }

    private void count(String what, long times) {
        if (times > 0) counts.merge(what, times, Long::sum);
    }

    long runs() {
        return runs;
    }

    long steps() {
        return steps;
    }

    /// Only what happened.
    Map<String, Long> counts() {
        return counts;
    }
}
