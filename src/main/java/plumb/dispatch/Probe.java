package plumb.dispatch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;

/// A small piece of work that is sent the whole way of a customer's request now and then: a handler of its own on a
/// thread of its own, a turn, the lane, the fence of a range that is held here, and back; it changes nothing. An
/// instance whose parts all look healthy, and through which nothing goes, is seen by this and by nothing else.
///
/// One at a time: what does not come back is waited for. Thread-safe; nothing here blocks.
public final class Probe {
    /// One that was sent.
    private static final class Flight {
        final long sentNanos;
        volatile boolean counted; // as a failure
        volatile boolean over;

        Flight(long sentNanos) {
            this.sentNanos = sentNanos;
        }
    }

    private final Dispatcher dispatcher;
    private final Duration every;
    private final Duration within;
    private final LongSupplier nanoTime;
    private final LongAdder failures = new LongAdder();
    private volatile long passedNanos;
    private volatile @Nullable Flight flight;
    private volatile @Nullable String failure;
    private volatile Duration took = Duration.ZERO;

    /// @param every so long is one that passed good for
    /// @param within in that time it has to be back
    public Probe(Dispatcher dispatcher, Duration every, Duration within, LongSupplier nanoTime) {
        this.dispatcher = dispatcher;
        this.every = every;
        this.within = within;
        this.nanoTime = nanoTime;
        this.passedNanos = nanoTime.getAsLong();
    }

    /// Sends one if it is time; at once after one that failed. For one caller at a time, as is [#send].
    public void sendInTime() {
        Flight last = flight;
        boolean good =
                last != null && last.over && failure == null && nanoTime.getAsLong() - last.sentNanos < every.toNanos();
        if (!good) send();
    }

    /// Sends one, unless the last is not back yet.
    public void send() {
        Flight last = flight;
        if (last != null && !last.over) {
            if (isLate(last)) count(last);
            return;
        }
        var next = new Flight(nanoTime.getAsLong());
        flight = next;
        try {
            dispatcher
                    .probe(Deadline.in(within, next.sentNanos))
                    .whenComplete((done, failed) -> back(next, failed == null ? null : failed.toString()));
        } catch (RuntimeException e) {
            back(next, e.toString());
        }
    }

    private void back(Flight from, @Nullable String why) {
        long now = nanoTime.getAsLong();
        took = Duration.ofNanos(now - from.sentNanos);
        if (why == null) passedNanos = now;
        else count(from);
        failure = why; // whoever sees it sees it counted
        from.over = true;
    }

    private void count(Flight failed) {
        if (!failed.counted) failures.increment();
        failed.counted = true;
    }

    private boolean isLate(Flight sent) {
        return !sent.over && nanoTime.getAsLong() - sent.sentNanos > within.toNanos();
    }

    /// Since the last that passed, or since the start.
    public Duration silence() {
        return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - passedNanos));
    }

    /// What is wrong; empty: the last one passed, and none is late.
    public Optional<String> problem() {
        Flight last = flight;
        if (last != null && isLate(last)) {
            Duration waited = Duration.ofNanos(nanoTime.getAsLong() - last.sentNanos);
            return Optional.of("no answer for " + waited.toSeconds() + " s");
        }
        return Optional.ofNullable(failure);
    }

    /// Those that failed, or were late.
    public long failures() {
        return failures.sum();
    }

    /// From send to return, of the last that is back.
    public Duration took() {
        return took;
    }
}
