package plumb;

/// Takes back what a request has changed in memory, should it fail. For requests that cannot check everything first:
///
/// ```java
/// orders.add(order);
/// undo.with(() -> orders.remove(order));
/// kitchen.take(order);                          // may say no
/// undo.with(() -> kitchen.giveBack(order));
/// writes.add(INSERT_ORDER, row(order));
/// ```
///
/// If the request throws an exception, its compensations run at once, the last one first, on the key's thread, its
/// writes are forgotten, and the state is kept instead of being dropped and loaded anew. By using it a request promises
/// that **each** of its changes of memory has its compensation. The state is dropped all the same if the request threw
/// an [Error], had a transaction of the container, or if a compensation throws; and always if what went wrong is the
/// commit, because by then nobody knows whose change was built on it.
///
/// Injectable into [PerKey] classes. Usable on the key's own thread only, during a request; elsewhere it throws
/// `IllegalStateException`.
@FunctionalInterface
public interface Undo {
    /// Remembers how to take back what the request has just changed. Must change memory alone: no writes, no calls.
    void with(Runnable compensation);

    /// The same for a helper that serves requests with and without compensations, such as [Requests]: runs with the
    /// others if there are any, but promises nothing for the request that it serves.
    default void also(Runnable compensation) {
        with(compensation);
    }
}
