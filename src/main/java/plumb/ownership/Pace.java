package plumb.ownership;

import java.time.Duration;

/// How many ranges are drained at once. Their changes are made one after the other, and the requests of each wait until
/// its own is done: so the slower the database answers, the fewer. Used by the keeper's thread alone.
final class Pace {
    /// So long the changes of all that are drained at once may take together.
    private static final Duration TOGETHER = Duration.ofMillis(250);

    /// A wish and the change itself.
    private static final int PER_RANGE = 2;

    /// However slow: a drain that waits for a long turn is not to hold all others up.
    private static final int LEAST = 4;

    /// Nothing is known before the first.
    private static final Duration FIRST_GUESS = Duration.ofMillis(15);

    private long nanos = FIRST_GUESS.toNanos();

    /// A wish or a change took that long. One that was slow counts at once, and is forgotten slowly.
    void took(long now) {
        nanos = Math.max(now, nanos - nanos / 8);
    }

    /// @param most however fast
    int atOnce(int most) {
        return Math.clamp(TOGETHER.toNanos() / PER_RANGE / Math.max(1, nanos), Math.min(LEAST, most), most);
    }
}
