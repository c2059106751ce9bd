package plumb.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import plumb.Deadline;

/// What lies in a mailbox.
sealed interface Envelope<T> {
    /// One request against the state, and whoever waits for it.
    record Request<T, R>(Deadline deadline, Function<? super T, ? extends R> function, CompletableFuture<R> reply)
            implements Envelope<T> {}

    /// Planned move: finish what is here, then end.
    record Drain<T>() implements Envelope<T> {}

    /// The lease is lost: end now.
    record Halt<T>() implements Envelope<T> {}
}
