package plumb;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How one key's state comes into memory and leaves it: what [PerKey] classes compile down to, and all that the engine
/// knows of a domain. There is one `Handler` per live key; each method runs on the key's own thread and may block.
///
/// @param <T> the state that requests run against
public interface Handler<T> {
    /// Reads the state. Runs before the first turn, and again after a turn that failed. A [Rejection] or [Refusal] that
    /// it throws is the answer to the requests that wait for it; anything else fails them with [LoadFailed], and the
    /// key is not loaded again before a pause that grows with each failure, to five seconds at most. Either drops the
    /// handler. Requests whose deadline passes while they wait for it are told so ([Expired]).
    T load() throws Exception;

    /// What only memory knows of a state, for its successor after a planned move, as JSON; null: nothing. Runs after
    /// the last turn, before [#discard]; what it throws is logged, and the successor begins with what it loads.
    default @Nullable String keep(T state) throws Exception {
        return null;
    }

    /// Gives a freshly loaded state what its predecessor kept. Runs once per move; what it throws fails the load.
    default void restore(T state, String kept) throws Exception {}

    /// What an operator is shown of a state, as JSON ([Describe]); null: nothing. Runs as a request does.
    default @Nullable String describe(T state) throws Exception {
        return null;
    }

    /// Lets go of a state (passivated, failed, drained, lost). Must not touch the database: the key may be somebody
    /// else's.
    default void discard(T state) {}

    /// How much a state adds now to one of its domain's live gauges. Runs after the load and after each turn, before
    /// the turn's answers leave; must neither block nor write. What it throws is logged, and the key goes on adding
    /// what it added last.
    ///
    /// @param which the gauge's place in [Factory#gauges]
    default long gauge(T state, int which) throws Exception {
        return 0;
    }

    /// Does what is to be done again and again while the state is in memory ([Every]). Runs as a request does.
    ///
    /// @param which the place of its period in [Factory#ticks]
    default void tick(T state, int which) throws Exception {}

    /// An alarm is due ([Alarm]). Runs as a request does; if it throws, the alarm fires again later.
    ///
    /// @param argument what it was set with, as text; empty: it takes none
    default void alarm(T state, String name, String argument) throws Exception {}

    /// Makes a handler for one key.
    ///
    /// @param <T> the state that requests run against
    interface Factory<T> {
        /// Called on the key's own thread.
        ///
        /// @param key the canonical text
        /// @param writes where this key's requests put what they want committed
        Handler<T> create(String key, Writes writes);

        /// The names of the domain's live gauges ([LiveGauge]); always the same.
        default List<String> gauges() {
            return List.of();
        }

        /// The periods of the domain's ticks; always the same.
        default List<Duration> ticks() {
            return List.of();
        }

        /// The domain's alarms by name, and what each takes: `UUID`, `String`, `Long`, or `Void`: nothing; always the
        /// same. If there are none, no load looks for them.
        default Map<String, Class<?>> alarms() {
            return Map.of();
        }
    }
}
