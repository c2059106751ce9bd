package plumb.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answers of one turn, held back until what they depend on is durable.
final class Answers<T> {
    private record Answer<T, R>(
            Envelope<T, R> envelope,
            @Nullable R value,
            @Nullable Throwable error) {
        @SuppressWarnings("NullAway") // a request may well answer null
        void leave() {
            if (error != null) envelope.reply().completeExceptionally(error);
            else envelope.reply().complete(value);
        }
    }

    private final Replies replies;
    private final List<Answer<T, ?>> held = new ArrayList<>();

    Answers(Replies replies) {
        this.replies = replies;
    }

    /// Runs a request against the state and holds its answer.
    ///
    /// @return what it threw, or what has spoilt it, or null
    <R> @Nullable Throwable run(Envelope<T, R> envelope, T state, Turn turn) {
        try {
            R value = envelope.function().apply(state);
            Throwable spoilt = turn.spoilt();
            held.add(new Answer<>(envelope, spoilt == null ? value : null, spoilt));
            return spoilt;
        } catch (Throwable e) { // an Error of the domain fails its request, not the handler's thread
            held.add(new Answer<>(envelope, null, e));
            return e;
        }
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    int size() {
        return held.size();
    }

    /// Takes the answers back, as if their requests had not run.
    List<Envelope<T, ?>> withdraw() {
        var envelopes = new ArrayList<Envelope<T, ?>>(held.size());
        for (Answer<T, ?> answer : held) envelopes.add(answer.envelope());
        held.clear();
        return envelopes;
    }

    void release() {
        for (Answer<T, ?> answer : held) replies.leave(answer.envelope().deadline(), answer::leave);
        held.clear();
    }
}
