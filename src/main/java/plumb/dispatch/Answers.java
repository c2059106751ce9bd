package plumb.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.dispatch.Envelope.Request;

/// The answers of one turn, held back until what they depend on is durable.
final class Answers<T> {
    private record Answer<T, R>(
            Request<T, R> request,
            @Nullable R value,
            @Nullable Throwable error) {
        @SuppressWarnings("NullAway") // a request may well answer null
        void leave() {
            if (error != null) request.reply().completeExceptionally(error);
            else request.reply().complete(value);
        }
    }

    private final Replies replies;
    private final List<Answer<T, ?>> held = new ArrayList<>();

    Answers(Replies replies) {
        this.replies = replies;
    }

    /// Runs a request against the state and holds its answer.
    ///
    /// @return what it threw, or null
    <R> @Nullable Throwable run(Request<T, R> request, T state) {
        try {
            held.add(new Answer<>(request, request.function().apply(state), null));
            return null;
        } catch (Throwable e) { // an Error of the domain fails its request, not the handler's thread
            held.add(new Answer<>(request, null, e));
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
    List<Request<T, ?>> withdraw() {
        var requests = new ArrayList<Request<T, ?>>(held.size());
        for (Answer<T, ?> answer : held) requests.add(answer.request());
        held.clear();
        return requests;
    }

    void release() {
        for (Answer<T, ?> answer : held) replies.leave(answer::leave);
        held.clear();
    }
}
