package plumb.dispatch;

import java.time.Duration;

/// The limits of what may wait and live here.
///
/// @param mailbox requests that may wait for one key, of each [Rank]; more are refused at once
/// @param turn requests that one turn takes, and hence one commit carries for a key
/// @param turnTime a turn that has been running for that long takes no more of them
/// @param idle a handler without work for that long is passivated
/// @param maxHandlers handlers in memory; a request that needs one more is refused
public record DispatchSettings(int mailbox, int turn, Duration turnTime, Duration idle, int maxHandlers) {
    public DispatchSettings {
        if (mailbox < 1) throw new IllegalArgumentException("plumb.handler.queue must be at least 1, not " + mailbox);
        if (turn < 1) throw new IllegalArgumentException("a turn takes at least 1 request, not " + turn);
        if (turnTime.isNegative() || turnTime.isZero())
            throw new IllegalArgumentException("plumb.handler.turn must be positive, not " + turnTime);
        if (idle.isNegative() || idle.isZero())
            throw new IllegalArgumentException("plumb.handler.idle must be positive, not " + idle);
        if (maxHandlers < 1)
            throw new IllegalArgumentException("plumb.handler.max must be at least 1, not " + maxHandlers);
    }
}
