package plumb;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// What `Instance<T>` is to beans, this is to keys: `usuals.at(id).call(usual -> usual.reorder(body))`.
///
/// @param <T> a class marked [PerKey]
public interface Keyed<T> {
    /// The handler of one key. Never blocks, loads nothing yet.
    ///
    /// @param key a `UUID`, `Long` or `String`, or another spelling of it as text
    /// @throws IllegalArgumentException if it is no key of this domain
    At<T> at(Object key);

    /// A random UUID that this instance owns, so that a new key needs no hop. Does not block.
    ///
    /// @throws NotOwner if this instance owns nothing at the moment
    UUID freshKey();

    /// One key's handler, seen from outside.
    interface At<T> {
        /// Puts one request into the key's mailbox. Does not block; the function runs on the key's own thread, never
        /// concurrently with another request of the same key, and may block there.
        ///
        /// The stage completes on a virtual thread, after the commit of what the function added to [Writes]. It
        /// completes exceptionally with what the function threw, or with a [Refusal] (not applied: [NotOwner],
        /// [Draining], [Overloaded], [Expired]), or with [OutcomeUnknown].
        <R> CompletionStage<R> call(Function<? super T, ? extends R> request);

        /// The same handler, for requests that pass all others of the key that wait, such as a cancel. They have a room
        /// of
        /// their own, so they find a place in a mailbox that is full of others. Nobody starves: a request is passed by
        /// at
        /// most 16 urgent ones and alarms, then it is its turn.
        At<T> urgent();

        /// The same with a deadline: once it has passed, the request is dropped from the queue before it runs.
        <R> CompletionStage<R> call(Deadline deadline, Function<? super T, ? extends R> request);
    }
}
