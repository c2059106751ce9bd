package plumb.dispatch;

import java.util.concurrent.Executor;
import plumb.Deadline;
import plumb.dispatch.DispatchStats.Event;

/// Lets answers leave, each on a thread of its own: a callback or a slow client must hold up neither a handler nor the
/// next caller.
final class Replies {
    private final Executor threads;
    private final DispatchStats stats;

    Replies(Executor threads, DispatchStats stats) {
        this.threads = threads;
        this.stats = stats;
    }

    void leave(Deadline deadline, Runnable reply) {
        stats.add(Event.ANSWERED);
        Runnable answer = () -> AnswerDeadline.during(deadline, reply);
        try {
            threads.execute(answer);
        } catch (RuntimeException | Error e) {
            answer.run(); // the instance stops, or has no room for a thread; a caller that waits matters more
        }
    }

    /// The same failure for each.
    <T> void fail(Iterable<? extends Envelope<T, ?>> envelopes, Throwable error) {
        for (Envelope<T, ?> envelope : envelopes)
            leave(envelope.deadline(), () -> envelope.reply().completeExceptionally(error));
    }
}
