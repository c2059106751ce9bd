package plumb;

/// How one key's state comes into memory and leaves it: what [PerKey] classes compile down to, and all that the engine
/// knows of a domain. There is one `Handler` per live key; each method runs on the key's own thread and may block.
///
/// @param <T> the state that requests run against
public interface Handler<T> {
    /// Reads the state. Runs before the first turn, and again after a turn that failed; whatever it throws fails the
    /// requests that wait for it and drops the handler.
    T load() throws Exception;

    /// Lets go of a state (passivated, failed, drained, lost). Must not touch the database: the key may be somebody
    /// else's.
    default void discard(T state) {}

    /// Makes a handler for one key.
    ///
    /// @param <T> the state that requests run against
    interface Factory<T> {
        /// Called on the key's own thread.
        ///
        /// @param key the canonical text
        /// @param writes where this key's requests put what they want committed
        Handler<T> create(String key, Writes writes);
    }
}
