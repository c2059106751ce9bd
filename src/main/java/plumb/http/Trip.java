package plumb.http;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;

/// One request's stay in this instance, from before JAX-RS sees it until its answer is written or given up.
///
/// Bound by [TripFilter] as a scoped value around everything that the container runs on the request's own thread, so it
/// cannot leak into the next request of a pooled thread: the binding ends with the call, whatever happens in it.
final class Trip {
    private static final ScopedValue<Trip> CURRENT = ScopedValue.newInstance();

    private final String remoteAddress;
    private final String contextPath;
    private final Deque<Runnable> atEnd = new ArrayDeque<>();
    private volatile @Nullable Deadline deadline;
    private boolean ended;

    Trip(String remoteAddress, String contextPath) {
        this.remoteAddress = remoteAddress;
        this.contextPath = contextPath;
    }

    /// Of the calling thread; null outside a request.
    static @Nullable Trip current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> requestThread) throws X {
        return ScopedValue.where(CURRENT, this).call(requestThread);
    }

    String remoteAddress() {
        return remoteAddress;
    }

    String contextPath() {
        return contextPath;
    }

    @Nullable
    Deadline deadline() {
        return deadline;
    }

    void deadline(Deadline of) {
        deadline = of;
    }

    /// Runs once, when the trip ends in whatever way; at once if it has ended. Must neither block nor throw.
    void atEnd(Runnable release) {
        synchronized (atEnd) {
            if (!ended) {
                atEnd.push(release);
                return;
            }
        }
        release.run();
    }

    /// The answer is written, or will never be. Ending twice is harmless.
    void end() {
        while (true) {
            Runnable next;
            synchronized (atEnd) {
                ended = true;
                next = atEnd.poll();
            }
            if (next == null) return;
            next.run();
        }
    }
}
