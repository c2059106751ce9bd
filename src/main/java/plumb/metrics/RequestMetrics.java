package plumb.metrics;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.metrics.Tag;
import plumb.commit.CommitLane;
import plumb.commit.LaneStats;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.DispatchStats;
import plumb.dispatch.DispatchStats.Event;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Marks;
import plumb.dispatch.Probe;
import plumb.dispatch.Quarantine;
import plumb.http.HopFailure;
import plumb.http.HttpStats;
import plumb.http.Steering;
import plumb.http.Watchers;

/// The trip of requests: edge, mailboxes, turns, commits.
@Dependent
public class RequestMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private static final List<Event> NOT_RUN = List.of(
            Event.FULL,
            Event.CROWDED,
            Event.DRAINING,
            Event.NOT_OWNER,
            Event.EXPIRED,
            Event.BACKED_OFF,
            Event.QUARANTINED);

    @Inject
    HttpStats http;

    @Inject
    Steering steering;

    @Inject
    Watchers watchers;

    @Inject
    DispatchStats dispatch;

    @Inject
    Dispatcher dispatcher;

    @Inject
    Probe probe;

    @Inject
    Quarantine quarantine;

    @Inject
    Marks marks;

    @Inject
    ContainerTasks container;

    @Inject
    CommitLane lane;

    @Inject
    LongSupplier nanoTime;

    void register(Gauges gauges) {
        edge(gauges);
        handlers(gauges);
        commits(gauges);
    }

    private void edge(Gauges gauges) {
        for (HttpStats.Outcome outcome : HttpStats.Outcome.values())
            gauges.add(
                    "route_total",
                    "Requests of owned resources",
                    http,
                    of -> of.count(outcome),
                    tag("outcome", outcome));
        for (HopFailure kind : HopFailure.values())
            gauges.add("forward_errors_total", "Hops that failed", http, of -> of.count(kind), tag("kind", kind));
        gauges.add(
                "forward_seconds_total",
                "Time that hops took, all together",
                http,
                of -> of.forwardNanos() / NANOS_PER_SECOND);
        gauges.add(
                "hop_bad_signatures_total",
                "Requests that claimed to be hops and were not",
                http,
                HttpStats::badSignatures);
        gauges.add("routes_waiting", "Requests that wait for another routing table now", watchers, Watchers::waiting);
        gauges.add("routes_refused_total", "Requests for which no place to wait was free", watchers, Watchers::refused);
        gauges.add("parked", "Requests that wait for an owner now", steering, Steering::parked);
    }

    private void handlers(Gauges gauges) {
        gauges.add("handler_active", "Handlers in memory", dispatch, DispatchStats::handlers);
        gauges.add("queue_inside", "Requests that wait, run or commit now", dispatch, DispatchStats::inside);
        gauges.add("queue_accepted_total", "Requests put into mailboxes", dispatch, of -> of.count(Event.ACCEPTED));
        for (Event why : NOT_RUN)
            gauges.add(
                    "queue_rejected_total",
                    "Requests that did not run",
                    dispatch,
                    of -> of.count(why),
                    tag("why", why));
        gauges.add("turns_total", "Turns", dispatch, of -> of.count(Event.TURN));
        gauges.add(
                "handler_longest_work_seconds",
                "How long one handler has been at its load or its turn now",
                dispatch,
                of -> of.longestWork(nanoTime.getAsLong()).toNanos() / NANOS_PER_SECOND);
        gauges.add(
                "range_standstill_seconds",
                "How long one range has had work now, and has ended no turn",
                dispatcher,
                of -> of.progress().stream()
                                .mapToLong(range -> range.standstill().toNanos())
                                .max()
                                .orElse(0)
                        / NANOS_PER_SECOND);
        gauges.add(
                "probe_silence_seconds",
                "How long ago a probe got through the mailboxes, the lane and the fence",
                probe,
                of -> of.silence().toNanos() / NANOS_PER_SECOND);
        gauges.add(
                "probe_seconds",
                "How long the last probe took",
                probe,
                of -> of.took().toNanos() / NANOS_PER_SECOND);
        gauges.add("probe_failures_total", "Probes that failed or were late", probe, Probe::failures);
        gauges.add("handler_loads_total", "States loaded", dispatch, of -> of.count(Event.LOADED));
        gauges.add("handler_load_failures_total", "Loads that failed", dispatch, of -> of.count(Event.LOAD_FAILED));
        gauges.add(
                "handler_discards_total", "States dropped after a failure", dispatch, of -> of.count(Event.DISCARDED));
        for (Event why : new Event[] {Event.PASSIVATED, Event.MADE_ROOM, Event.SHED})
            gauges.add(
                    "handler_passivations_total",
                    "Idle handlers that ended: for long idle, to make room, because memory was short",
                    dispatch,
                    of -> of.count(why),
                    tag("why", why));
        gauges.add(
                "handler_keep_failures_total",
                "Keys of moving ranges whose memory was not handed along: too much, or their method failed",
                dispatch,
                of -> of.count(Event.KEEP_FAILED));
        gauges.add("alarms_fired_total", "Alarms that had their effect", dispatch, of -> of.count(Event.ALARM_FIRED));
        gauges.add(
                "alarm_failures_total",
                "Alarms whose method or commit failed; they fire again later",
                dispatch,
                of -> of.count(Event.ALARM_FAILED));
        gauges.add(
                "alarm_lag_seconds_total",
                "How much later than they were due alarms began, all together",
                dispatch,
                of -> of.alarmLag().toNanos() / NANOS_PER_SECOND);
        gauges.add(
                "alarm_overdue_seconds",
                "For how long the oldest alarm has been due that has not fired yet",
                dispatch,
                of -> of.overdue().toNanos() / NANOS_PER_SECOND);
        gauges.add("keys_quarantined", "Keys that are shut out, on all instances", quarantine, Quarantine::shut);
        gauges.add(
                "keys_suspected",
                "Keys whose code ran when an instance died, on all instances",
                quarantine,
                Quarantine::suspected);
        gauges.add(
                "marks_missed_total", "Turns and loads that found no room for their crash mark", marks, Marks::missed);
        gauges.add("container_tasks", "Loads and transactions that run now", container, ContainerTasks::running);
        gauges.add("container_tasks_waiting", "Loads and transactions that wait", container, ContainerTasks::waiting);
    }

    private void commits(Gauges gauges) {
        LaneStats stats = lane.stats();
        gauges.add(
                "commit_busy_seconds",
                "How long the batch that is on its way has been",
                lane,
                of -> of.busyFor().toNanos() / NANOS_PER_SECOND);
        gauges.add("commit_pending", "Turns that wait for the lane now", lane, CommitLane::pending);
        gauges.add("commits_total", "Transactions of the lane", stats, LaneStats::commits);
        gauges.add(
                "commit_turns_total",
                "Turns that they carried; over commits it is the mean batch",
                stats,
                LaneStats::units);
        gauges.add("commit_batch_largest", "The most turns in one commit so far", stats, LaneStats::largestBatch);
        gauges.add("commit_failed_total", "Turns whose data the database refused", stats, LaneStats::failed);
        gauges.add("commit_ambiguous_total", "Transactions whose answer was lost", stats, LaneStats::ambiguous);
        gauges.add("fence_rejections_total", "Turns that the fence refused", stats, LaneStats::refused);
    }

    private static Tag tag(String name, Enum<?> value) {
        return new Tag(name, value.name().toLowerCase(Locale.ROOT));
    }
}
