package plumb.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Key;

/// What only memory knows of the keys of one range, while it lies between two handlers: the predecessor's, until the
/// key is loaded, and what this owner's drained handlers kept. What nobody has taken travels on with the next move.
/// Bounded. Safe for use by several threads.
final class Luggage {
    /// Keys whose states the successor loads ahead.
    static final int MOST_LIVE = 2_000;
    /// Of one key, in characters.
    static final int MOST_EACH = 64 * 1024;
    /// Of all keys of the range, in characters.
    static final int MOST = 4 * 1024 * 1024;

    private static final long PATIENCE_SECONDS = 10;

    private final CompletableFuture<HandedAlong> handed;
    private final Map<String, String> kept = new ConcurrentHashMap<>();
    private final Map<String, String> taken = new ConcurrentHashMap<>();
    private int size; // of what is kept, guarded by this

    Luggage(CompletableFuture<HandedAlong> handed) {
        this.handed = handed;
    }

    /// What waits for that key; null: nothing. Blocks until it is known what the predecessor handed along.
    ///
    /// @throws Exception if that cannot be read
    @Nullable
    String of(Key key) throws Exception {
        String own = kept.get(key.text());
        if (own != null) return own;
        HandedAlong all = handed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return taken.containsKey(key.text()) ? null : all.states().get(key.text());
    }

    /// The key's handler has it.
    synchronized void taken(Key key) {
        String own = kept.remove(key.text());
        if (own != null) size -= own.length();
        taken.put(key.text(), "");
    }

    /// @return false: too much, it is not kept
    synchronized boolean keep(Key key, String state) {
        if (state.length() > MOST_EACH || size + state.length() > MOST) return false;
        size += state.length();
        kept.put(key.text(), state);
        return true;
    }

    /// All that no handler has, when it is known.
    CompletableFuture<Map<String, String>> whole() {
        return handed.thenApply(all -> {
            var whole = new HashMap<>(all.states());
            whole.keySet().removeAll(taken.keySet());
            whole.putAll(kept);
            return whole;
        });
    }
}
