package plumb.ownership;

import java.time.Duration;
import java.util.Map;

/// What the keeper counts, as of one moment.
///
/// @param lastTickNanos the clock's reading when the keeping loop last began a round
/// @param lastRenewal from send to answer, of the last renewal that succeeded
/// @param selfFences how often this instance had to begin a new life
/// @param movesInFlight ranges that are offered and being drained
/// @param lostByCause leases lost so far: handed-over, taken, reclaimed, superseded, fenced, released
public record KeeperStats(
        long lastTickNanos,
        long renewalsSucceeded,
        long renewalsFailed,
        Duration lastRenewal,
        long selfFences,
        int movesInFlight,
        Map<String, Long> lostByCause) {}
