package plumb.dispatch;

import java.time.Instant;

/// An alarm of a key that is set.
///
/// @param name of the domain's method
/// @param argument as text; empty: it takes none
/// @param due by the clock for people
/// @param attempts that failed so far
public record PendingAlarm(String name, String argument, Instant due, int attempts) {
    PendingAlarm at(Instant later, int failed) {
        return new PendingAlarm(name, argument, later, failed);
    }
}
