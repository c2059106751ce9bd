package plumb;

import java.time.Duration;

/// The moment, on this process's monotonic clock, after which nobody waits for an answer any more. Wrap-safe.
///
/// @param nanos as `System.nanoTime()` counts
public record Deadline(long nanos) {
    /// @param nowNanos the reading of the monotonic clock
    public static Deadline in(Duration left, long nowNanos) {
        return new Deadline(nowNanos + left.toNanos());
    }

    /// What is left at that reading of the monotonic clock; zero or negative when it has passed.
    public Duration left(long nowNanos) {
        return Duration.ofNanos(nanos - nowNanos);
    }

    public boolean passed(long nowNanos) {
        return nanos - nowNanos <= 0;
    }
}
