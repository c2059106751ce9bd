package plumb.dispatch;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// What the dispatcher counted since the start. Written by handlers and callers, read by `metrics`.
public final class DispatchStats {
    /// What became of a request, or of a handler.
    public enum Event {
        /// A request was put into a mailbox.
        ACCEPTED,
        /// An accepted request was answered, whatever the answer.
        ANSWERED,
        /// Refused: the key's mailbox is full.
        FULL,
        /// Refused: too many handlers.
        CROWDED,
        /// Refused: the range is being handed over.
        DRAINING,
        /// Refused: this instance does not hold the key's range.
        NOT_OWNER,
        /// Dropped from the queue, because its deadline had passed.
        EXPIRED,
        /// A turn ended.
        TURN,
        /// A state was loaded.
        LOADED,
        /// A load failed.
        LOAD_FAILED,
        /// Refused: the key's last load failed a moment ago.
        BACKED_OFF,
        /// Refused: the key is shut out.
        QUARANTINED,
        /// An alarm fired, and what it wrote is committed.
        ALARM_FIRED,
        /// An alarm's method, or the commit of what it wrote, failed; it is tried again later.
        ALARM_FAILED,
        /// A state was dropped after a failure, to be loaded anew.
        DISCARDED,
        /// What a handler knew alone was not handed along: its method failed, or it was too much.
        KEEP_FAILED,
        /// A handler ended that had been idle for long.
        PASSIVATED,
        /// An idle handler ended to make room for another one.
        MADE_ROOM,
        /// An idle handler ended because memory was short.
        SHED
    }

    private final Map<Event, LongAdder> counts = new EnumMap<>(Event.class); // filled once, then only read
    private final LongAdder alarmLagNanos = new LongAdder();
    private volatile long overdueNanos;
    private final AtomicInteger handlers = new AtomicInteger();
    private final Set<Working> working = ConcurrentHashMap.newKeySet();

    DispatchStats() {
        for (Event event : Event.values()) counts.put(event, new LongAdder());
    }

    /// A handler that loads or runs requests. Compared by identity.
    static final class Working {
        private final HandlerLoop<?> loop;
        private final long sinceNanos;

        private Working(HandlerLoop<?> loop, long sinceNanos) {
            this.loop = loop;
            this.sinceNanos = sinceNanos;
        }
    }

    Working began(HandlerLoop<?> loop, long nowNanos) {
        var begun = new Working(loop, nowNanos);
        working.add(begun);
        return begun;
    }

    void ended(Working begun) {
        working.remove(begun);
    }

    /// The handlers that load or run requests now.
    void working(Consumer<HandlerLoop<?>> action) {
        for (Working each : working) action.accept(each.loop);
    }

    /// For how long the handler that has been at its load or its turn for longest has been: a request that does not end
    /// blocks its key, while everything else looks healthy.
    public Duration longestWork(long nowNanos) {
        long longest = 0;
        for (Working each : working) longest = Math.max(longest, nowNanos - each.sinceNanos);
        return Duration.ofNanos(longest);
    }

    /// The same of each range; one of which no handler is at work is missing.
    Map<HeldRange, Duration> longestWorkByRange(long nowNanos) {
        var longest = new HashMap<HeldRange, Duration>();
        for (Working each : working)
            longest.merge(
                    each.loop.range(),
                    Duration.ofNanos(Math.max(0, nowNanos - each.sinceNanos)),
                    (a, b) -> a.compareTo(b) < 0 ? b : a);
        return longest;
    }

    void add(Event event) {
        counter(event).increment();
    }

    void fired(Duration lag) {
        add(Event.ALARM_FIRED);
        alarmLagNanos.add(Math.max(0, lag.toNanos()));
    }

    /// Told by whoever looks into the table of alarms: for how long the oldest of this instance's has been due.
    public void overdue(Duration longest) {
        overdueNanos = longest.toNanos();
    }

    public Duration overdue() {
        return Duration.ofNanos(overdueNanos);
    }

    /// How much later than they were due alarms began, all together.
    public Duration alarmLag() {
        return Duration.ofNanos(alarmLagNanos.sum());
    }

    void handlerBegan() {
        handlers.incrementAndGet();
    }

    void handlerEnded() {
        handlers.decrementAndGet();
    }

    public long count(Event event) {
        return counter(event).sum();
    }

    private LongAdder counter(Event event) {
        return Objects.requireNonNull(counts.get(event));
    }

    /// Handlers in memory now.
    public int handlers() {
        return handlers.get();
    }

    /// Requests that wait in mailboxes, run, or wait for their commit now; an estimate while they move.
    public long inside() {
        return Math.max(0, count(Event.ACCEPTED) - count(Event.ANSWERED));
    }
}
