package plumb.dispatch;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import plumb.dispatch.DispatchStats.Event;
import plumb.dispatch.Envelope.Request;

/// Lets answers leave, each on a thread of its own: a callback or a slow client must hold up neither a handler nor the
/// next
/// caller.
final class Replies {
    private final Executor threads;
    private final DispatchStats stats;

    Replies(Executor threads, DispatchStats stats) {
        this.threads = threads;
        this.stats = stats;
    }

    void leave(Runnable reply) {
        stats.add(Event.ANSWERED);
        try {
            threads.execute(reply);
        } catch (RejectedExecutionException e) {
            reply.run(); // the instance stops; a caller that waits matters more
        }
    }

    /// The same failure for each.
    <T> void fail(Iterable<? extends Request<T, ?>> requests, Throwable error) {
        for (Request<T, ?> request : requests) leave(() -> request.reply().completeExceptionally(error));
    }
}
