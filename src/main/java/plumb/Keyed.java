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
        /// [Draining], [Overloaded], [Expired], [LoadFailed], [Quarantined]), or with [OutcomeUnknown].
        ///
        /// *From within a handler*: a call to the handler's own key runs at once, inline, on the same state and in the
        /// same turn; the stage is complete when this returns, though nothing is durable before the calling request's
        /// own answer. What it writes is written with the calling request, or not at all. If it fails and could be
        /// taken back by itself (a [Rejection] before a write, or by [Undo]), the calling request may go on; else the
        /// calling request has failed with it, even if it ignores the exception. A handler that waits for **another**
        /// key's answer (`join` or `get` on the stage or on one made of it) waits until the deadline at most; if the
        /// other one waits for it, directly or by way of others of this instance, it is told so at once with
        /// [CallCycle]. Handlers that wait for each other across instances, or otherwise than by `join` and `get`, are
        /// freed by their deadlines.
        <R> CompletionStage<R> call(Function<? super T, ? extends R> request);

        /// The same handler, for requests that pass all others of the key that wait, such as a cancel. They have a room
        /// of their own, so they find a place in a mailbox that is full of others. Nobody starves: a request is passed
        /// by at most 16 urgent ones and alarms, then it is its turn.
        At<T> urgent();

        /// The same with a deadline: once it has passed, the request is dropped from the queue before it runs.
        <R> CompletionStage<R> call(Deadline deadline, Function<? super T, ? extends R> request);
    }
}
