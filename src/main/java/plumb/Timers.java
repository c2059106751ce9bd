package plumb;

import java.time.Duration;

/// Timers of memory alone, set by code: `timers.after(Duration.ofSeconds(30), this::giveUp)`. Injectable into [PerKey]
/// classes. For the key's own thread, during a request.
///
/// A timer runs once on the key's own thread, as a request of its own behind those that wait. It belongs to the state
/// that set it: once that is dropped (passivated, moved, failed, lost), the timer is gone. What must happen all the
/// same is an [Alarm].
public interface Timers {
    /// Does not block.
    ///
    /// @param pause counted from now
    /// @param action may write, as a request may; what it throws is logged, and treated as for every request
    /// @throws Overloaded if the key has 1,000 already
    Timer after(Duration pause, Runnable action);

    /// A timer that was set.
    interface Timer {
        /// Without effect once it has run, or was cancelled.
        void cancel();
    }
}
