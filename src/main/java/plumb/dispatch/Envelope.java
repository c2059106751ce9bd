package plumb.dispatch;

import java.util.function.Function;
import plumb.Deadline;

/// What lies in a mailbox: one piece of work for a turn, and whoever waits for it. Requests, alarms and ticks differ in
/// their rank and in who makes them; a turn runs all of them alike.
///
/// @param deadline once it has passed, it is dropped before it runs
/// @param function runs against the state, on the key's thread
/// @param reply completes after the commit of what the function wrote
record Envelope<T, R>(Rank rank, Deadline deadline, Function<? super T, ? extends R> function, Call<R> reply) {
    Envelope(Rank rank, Deadline deadline, Function<? super T, ? extends R> function) {
        this(rank, deadline, function, new Call<>(deadline));
    }
}
