package plumb.dispatch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.RangeId;

/// How a range that is held here gets on.
///
/// @param handlers in memory
/// @param sinceTurn since its last turn ended; null: it has had none in this tenure
/// @param oldestWork for how long the one of its handlers that is at its load or its turn for longest has been, and
///     what waits behind it; zero: none is at work
public record Progress(
        RangeId range, int handlers, @Nullable Duration sinceTurn, Duration oldestWork) {
    /// For how long there has been work, and no turn has ended. A key that stands still makes the oldest work old; a
    /// range that stands still makes this long.
    public Duration standstill() {
        return sinceTurn == null || oldestWork.compareTo(sinceTurn) < 0 ? oldestWork : sinceTurn;
    }
}
