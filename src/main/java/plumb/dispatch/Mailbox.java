package plumb.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import plumb.dispatch.Envelope.Request;

/// The queue of one key: many put in, one loop takes. Bounded for requests; control always finds room. Once closed it
/// stays so, and whoever is told [Offer#CLOSED] knows that his request was not and will not be run.
final class Mailbox<T> {
    enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    private final int bound;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final ArrayDeque<Envelope<T>> queue = new ArrayDeque<>(); // guarded by lock
    private int requests; // guarded by lock
    private boolean closed; // guarded by lock

    Mailbox(int bound) {
        this.bound = bound;
    }

    Offer offer(Request<T, ?> request) {
        lock.lock();
        try {
            if (closed) return Offer.CLOSED;
            if (requests >= bound) return Offer.FULL;
            requests++;
            queue.add(request);
            arrival.signal();
            return Offer.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /// Behind the requests that are here already; without effect once closed.
    void drain() {
        lock.lock();
        try {
            if (closed) return;
            queue.add(new Envelope.Drain<>());
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Closes, and wakes the loop to end.
    ///
    /// @return the requests that will not be run
    List<Request<T, ?>> halt() {
        lock.lock();
        try {
            List<Request<T, ?>> left = close();
            queue.add(new Envelope.Halt<>());
            arrival.signal();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /// @return the requests that will not be run
    List<Request<T, ?>> close() {
        lock.lock();
        try {
            closed = true;
            var left = new ArrayList<Request<T, ?>>(requests);
            for (Envelope<T> envelope : queue) if (envelope instanceof Request<T, ?> request) left.add(request);
            queue.clear();
            requests = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    /// True: it was empty and is closed now.
    boolean closeIfEmpty() {
        lock.lock();
        try {
            if (queue.isEmpty()) closed = true;
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// What is here, in order, at most `max`; waits for the first. Empty: nothing came for as long as `idle`.
    List<Envelope<T>> take(int max, Duration idle) {
        lock.lock();
        try {
            awaitArrival(idle.toNanos());
            var taken = new ArrayList<Envelope<T>>(Math.min(max, queue.size()));
            while (taken.size() < max && !queue.isEmpty()) {
                Envelope<T> envelope = queue.remove();
                if (envelope instanceof Request) requests--;
                taken.add(envelope);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void awaitArrival(long nanos) {
        long left = nanos;
        while (queue.isEmpty() && !closed && left > 0) {
            try {
                left = arrival.awaitNanos(left);
            } catch (InterruptedException e) {
                // some request left the interrupt behind; it is meant for nobody
            }
        }
    }
}
