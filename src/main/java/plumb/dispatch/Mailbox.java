package plumb.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue of one key: many put in, one loop takes, one at a time, so that what comes late and is urgent still passes
/// what waits. Bounded for each [Rank] apart: a customer whose requests fill it can still cancel, and alarms find room.
/// Control needs none. Once closed it stays so, and whoever is told [Offer#CLOSED] knows that his request was not and
/// will not be run.
final class Mailbox<T> {
    enum Offer {
        ACCEPTED,
        FULL,
        CLOSED
    }

    private final int bound;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Ranked<T> waiting = new Ranked<>(); // guarded by lock
    private boolean draining; // guarded by lock
    private boolean closed; // guarded by lock

    /// @param bound of each rank
    Mailbox(int bound) {
        this.bound = bound;
    }

    Offer offer(Envelope<T, ?> envelope) {
        lock.lock();
        try {
            if (closed) return Offer.CLOSED;
            if (waiting.size(envelope.rank()) >= bound) return Offer.FULL;
            waiting.add(envelope);
            arrival.signal();
            return Offer.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /// From now on [#await] waits for nobody: what is here is finished, and that is all.
    void drain() {
        lock.lock();
        try {
            draining = true;
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    /// For good; wakes the loop.
    ///
    /// @return what will not be run
    List<Envelope<T, ?>> close() {
        lock.lock();
        try {
            closed = true;
            arrival.signal();
            return waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /// True: it was empty and is closed now.
    boolean closeIfEmpty() {
        lock.lock();
        try {
            if (waiting.isEmpty()) closed = true;
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Whether there is something to take. Waits for it, but not when draining or closed.
    boolean await(Duration idle) {
        lock.lock();
        try {
            long left = idle.toNanos();
            while (waiting.isEmpty() && !closed && !draining && left > 0) {
                try {
                    left = arrival.awaitNanos(left);
                } catch (InterruptedException e) {
                    // some request left the interrupt behind; it is meant for nobody
                }
            }
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next one out; null: nobody waits.
    @Nullable
    Envelope<T, ?> poll() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes all out, and stays open.
    List<Envelope<T, ?>> takeAll() {
        lock.lock();
        try {
            return waiting.clear();
        } finally {
            lock.unlock();
        }
    }
}
