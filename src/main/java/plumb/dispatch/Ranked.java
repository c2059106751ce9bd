package plumb.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

    boolean isEmpty() {
        for (Line<T> line : lines) if (line != null) return false;
        return true;
    }

    /// Takes the next one out; null: there is none.
    @Nullable
    Envelope<T, ?> poll() {
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

    /// Takes all out, in no particular order.
    List<Envelope<T, ?>> clear() {
        var all = new ArrayList<Envelope<T, ?>>();
        for (int rank = 0; rank < lines.length; rank++) {
            Line<T> line = lines[rank];
            if (line != null) all.addAll(line.envelopes);
            lines[rank] = null;
        }
        return all;
    }
}
