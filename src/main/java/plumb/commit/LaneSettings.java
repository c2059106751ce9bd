package plumb.commit;

import java.time.Duration;

/// How much a lane takes.
///
/// @param maxUnits turns that may share one commit; 1 switches grouping off, for measurements
/// @param maxPending turns that may wait for the lane; more are refused at once
/// @param maxTries of a batch that the database rolled back for no fault of its own
/// @param betweenTries how long it is left alone before the next; zero: not at all
public record LaneSettings(int maxUnits, int maxPending, int maxTries, Duration betweenTries) {
    private static final int TRIES = 3;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    public LaneSettings {
        if (maxUnits < 1) throw new IllegalArgumentException("plumb.commit.batch must be at least 1, not " + maxUnits);
        if (maxPending < maxUnits) throw new IllegalArgumentException("fewer may wait than fit into one batch");
        if (maxTries < 1) throw new IllegalArgumentException("at least one try, not " + maxTries);
        if (betweenTries.isNegative()) throw new IllegalArgumentException("nobody can wait for " + betweenTries);
    }

    /// The usual ones for that size of a batch.
    public static LaneSettings ofBatch(int maxUnits) {
        return new LaneSettings(maxUnits, Math.max(65_536, maxUnits), TRIES, BETWEEN_TRIES);
    }
}
