package plumb.dispatch;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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
    private boolean leaving; // guarded by lock
    private volatile boolean parked; // changed under lock
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

    /// If nobody waits and nothing runs: wakes the loop to end, unless something comes before it does.
    boolean askToLeave() {
        lock.lock();
        try {
            if (!parked || leaving || !waiting.isEmpty() || closed || draining) return false;
            leaving = true;
            arrival.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// How many wait.
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the loop waits for work.
    boolean isIdle() {
        return parked;
    }

    /// Puts back what has to run again: before everything else, even if that is more than the bound.
    ///
    /// @return what will not be run, because it is closed
    List<Envelope<T, ?>> putBack(List<Envelope<T, ?>> envelopes) {
        if (envelopes.isEmpty()) return envelopes;
        lock.lock();
        try {
            if (closed) return envelopes;
            waiting.putBack(envelopes);
            return List.of();
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
            return waiting.takeIf(any -> true);
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

    /// Whether there is something to take. Waits for it, unless the loop is to end. An interrupt that some request left
    /// behind is meant for nobody.
    boolean await() {
        lock.lock();
        try {
            parked = true;
            while (waiting.isEmpty() && !closed && !draining && !leaving) arrival.awaitUninterruptibly();
            parked = false;
            leaving = false;
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

    /// Takes out all that are like this, and stays open.
    List<Envelope<T, ?>> takeIf(Predicate<Envelope<T, ?>> like) {
        lock.lock();
        try {
            return waiting.takeIf(like);
        } finally {
            lock.unlock();
        }
    }
}
