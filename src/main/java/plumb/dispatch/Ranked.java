package plumb.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Envelopes by rank, in order of arrival within a rank. Nobody starves: who is first of his rank is passed by at most
/// [#MOST_PASSING] of the ranks before his, then it is his turn, or that of one after him who has waited as long. Not
/// thread-safe.
@SuppressWarnings("EnumOrdinal") // an array by ordinal, in one place: an EnumMap would cost each mailbox its own
final class Ranked<T> {
    static final int MOST_PASSING = 16;

    private static final Rank[] RANKS = Rank.values();

    /// @param <T> the state's type
    private static final class Line<T> {
        final ArrayDeque<Envelope<T, ?>> envelopes = new ArrayDeque<>(3);
        int passed; // since its first one is first
    }

    /// By rank; null: nobody waits there. A million idle mailboxes keep nothing.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private final @Nullable Line<T>[] lines = new Line[RANKS.length];

    /// What ran already, in a turn that came to nothing. Before all ranks.
    private @Nullable ArrayDeque<Envelope<T, ?>> again;

    /// Puts back what has to run again, in its order.
    void putBack(List<Envelope<T, ?>> envelopes) {
        ArrayDeque<Envelope<T, ?>> first = again;
        if (first == null) again = first = new ArrayDeque<>(envelopes.size());
        for (Envelope<T, ?> envelope : envelopes.reversed()) first.addFirst(envelope);
    }

    void add(Envelope<T, ?> envelope) {
        int rank = envelope.rank().ordinal();
        Line<T> line = lines[rank];
        if (line == null) lines[rank] = line = new Line<>();
        line.envelopes.add(envelope);
    }

    int size(Rank rank) {
        Line<T> line = lines[rank.ordinal()];
        return line == null ? 0 : line.envelopes.size();
    }

    /// Of all ranks.
    int size() {
        int size = again == null ? 0 : again.size();
        for (Rank rank : RANKS) size += size(rank);
        return size;
    }

    boolean isEmpty() {
        for (Line<T> line : lines) if (line != null) return false;
        return again == null;
    }

    /// Takes the next one out; null: there is none.
    @Nullable
    Envelope<T, ?> poll() {
        ArrayDeque<Envelope<T, ?>> first = again;
        if (first != null) {
            Envelope<T, ?> envelope = first.poll();
            if (first.isEmpty()) again = null;
            return envelope;
        }
        int next = next();
        if (next < 0) return null;
        for (int later = next + 1; later < lines.length; later++) {
            Line<T> passed = lines[later];
            if (passed != null) passed.passed++;
        }
        return take(next);
    }

    /// The rank whose turn it is; negative: none's.
    private int next() {
        int first = -1;
        for (int rank = lines.length - 1; rank >= 0; rank--) {
            Line<T> line = lines[rank];
            if (line == null) continue;
            if (line.passed >= MOST_PASSING) return rank;
            first = rank;
        }
        return first;
    }

    private @Nullable Envelope<T, ?> take(int rank) {
        Line<T> line = lines[rank];
        if (line == null) return null;
        Envelope<T, ?> envelope = line.envelopes.poll();
        line.passed = 0;
        if (line.envelopes.isEmpty()) lines[rank] = null;
        return envelope;
    }

    /// Takes out all that are like this, in no particular order.
    List<Envelope<T, ?>> takeIf(Predicate<Envelope<T, ?>> like) {
        var taken = new ArrayList<Envelope<T, ?>>();
        if (again != null && move(again, like, taken)) again = null;
        for (int rank = 0; rank < lines.length; rank++) {
            Line<T> line = lines[rank];
            if (line != null && move(line.envelopes, like, taken)) lines[rank] = null;
        }
        return taken;
    }

    /// @return whether nothing is left
    private static <T> boolean move(
            ArrayDeque<Envelope<T, ?>> from, Predicate<Envelope<T, ?>> like, List<Envelope<T, ?>> to) {
        from.removeIf(envelope -> like.test(envelope) && to.add(envelope));
        return from.isEmpty();
    }
}
