package plumb.ownership;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Until when this instance may answer from memory: counted from before the last successful renewal was sent. Monotonic
/// and wrap-safe. Written by the renewal thread, read by every thread.
public final class Trust {
    private final LongSupplier nanoTime;
    private volatile long untilNanos;

    public Trust(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.untilNanos = nanoTime.getAsLong();
    }

    /// @param sentNanos the clock's reading before the renewal was sent
    public void renewed(long sentNanos, Duration trust) {
        untilNanos = sentNanos + trust.toNanos();
    }

    /// No answer from memory until the next renewal.
    public void end() {
        untilNanos = nanoTime.getAsLong();
    }

    public boolean holds() {
        return untilNanos - nanoTime.getAsLong() > 0;
    }

    /// Zero or negative: no trust.
    public Duration left() {
        return Duration.ofNanos(untilNanos - nanoTime.getAsLong());
    }
}
