package plumb;

import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the requests of one key did, so that each does it once however often it comes. A field of a [PerKey] class
/// whose own rows know their request's id:
///
/// ```java
/// private final Requests<UUID> requests = new Requests<>(1_000, id -> archive.orderOf(customer, id));
///
/// Effect<UUID> reorder(ReorderRequest body, RequestId id) {
///     return requests.once(id, Fingerprint.of(body), () -> place(body, id));      // checks, writes, changes memory
/// }
/// ```
///
/// The id and the fingerprint are columns of the row that the effect writes, **unique per key and id**: so they are
/// committed with it, the next owner finds them, and whatever slips past this memory the database refuses. Where there
/// is no such row, inject [Once].
///
/// A request that comes while the first one is under way waits in the mailbox, as every request does, and then gets the
/// first one's answer, after its commit. A request that was rejected did nothing, so it may come again. Lives and is
/// dropped with the state; used by the key's thread alone.
///
/// @param <E> what a request did; an id, rather than something that changes later
public final class Requests<E> {
    /// A request that had its effect.
    public record Done<E>(RequestId id, Fingerprint fingerprint, E effect) {}

    /// Where requests are that memory does not know any more.
    ///
    /// @param <E> what a request did
    @FunctionalInterface
    public interface Older<E> {
        /// May block for a query; asked only for ids that somebody may still remember.
        ///
        /// @return null: that request did nothing yet
        @Nullable
        Done<E> find(RequestId id);
    }

    private final int kept;
    private final Older<E> older;
    private final Undo undo;
    private final LinkedHashMap<RequestId, Done<E>> recent = new LinkedHashMap<>(); // oldest first

    /// @param kept how many are remembered; more than a turn can add (`plumb.handler.queue`), so that what is
    ///     dropped is committed and can be found
    /// @param older finds the others
    /// @param undo lets it forget what a request did that has been taken back
    public Requests(int kept, Older<E> older, Undo undo) {
        if (kept < 1) throw new IllegalArgumentException("at least one request is remembered, not " + kept);
        this.kept = kept;
        this.older = older;
        this.undo = undo;
    }

    /// For handlers without [Undo]: a request that fails after its write drops them, and this memory with them.
    ///
    /// @param kept as above
    /// @param older as above
    public Requests(int kept, Older<E> older) {
        this(kept, older, compensation -> {});
    }

    /// While the state is loaded: what is committed, the oldest first.
    public void add(Done<E> done) {
        recent.put(done.id(), done);
        if (recent.size() > kept) recent.pollFirstEntry();
    }

    /// Has the effect, or finds that it was had.
    ///
    /// @param effect checks, writes and changes memory; what it throws goes on to the caller, and nothing is remembered
    /// @throws Rejection 422 `request-id-reused`, if the id came with another body before
    public Effect<E> once(RequestId id, Fingerprint body, Supplier<? extends E> effect) {
        Done<E> first = find(id);
        if (first == null) {
            E value = effect.get();
            add(new Done<>(id, body, value));
            undo.also(() -> recent.remove(id));
            return new Effect<>(value, false);
        }
        if (!first.fingerprint().equals(body))
            throw new Rejection(
                    422, "request-id-reused", "Idempotency-Key: was used already, for a request with another body.");
        return new Effect<>(first.effect(), true);
    }

    private @Nullable Done<E> find(RequestId id) {
        Done<E> known = recent.get(id);
        // a minted id comes again only while its request is under way; should a thousand others overtake it, the
        // database refuses a second effect
        return known != null || id.isMinted() ? known : older.find(id);
    }
}
