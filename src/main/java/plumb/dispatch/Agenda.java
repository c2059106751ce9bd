package plumb.dispatch;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What is to be begun later, by the monotonic clock. One thread serves it; whatever is entered must be quick and not
/// block. Thread-safe.
public final class Agenda {
    /// Something that was entered.
    interface Entry {
        /// Without effect once it has begun.
        void cancel();
    }

    private final LongSupplier nanoTime;
    private final long origin; // readings are compared by their distance to it: the clock may wrap
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final TreeSet<Planned> planned = new TreeSet<>(); // guarded by lock
    private long entered; // guarded by lock

    private final class Planned implements Entry, Comparable<Planned> {
        private final long after; // origin
        private final long number;
        private final Runnable action;

        Planned(long after, long number, Runnable action) {
            this.after = after;
            this.number = number;
            this.action = action;
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                planned.remove(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(after, other.after);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    public Agenda(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
    }

    /// @param nanos a reading of the monotonic clock; one that has passed is begun with the next look
    Entry at(long nanos, Runnable action) {
        lock.lock();
        try {
            var entry = new Planned(nanos - origin, entered++, action);
            planned.add(entry);
            if (planned.first().equals(entry)) earlier.signal();
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /// Begins all that is due now, on the calling thread.
    ///
    /// @return how many there were
    public int runDue() {
        int begun = 0;
        for (Planned next = takeDue(); next != null; next = takeDue(), begun++) next.action.run();
        return begun;
    }

    private @Nullable Planned takeDue() {
        lock.lock();
        try {
            return leftNanos() <= 0 ? planned.pollFirst() : null;
        } finally {
            lock.unlock();
        }
    }

    /// Until the earliest is due.
    private long leftNanos() {
        return planned.isEmpty() ? Long.MAX_VALUE : planned.first().after - (nanoTime.getAsLong() - origin);
    }

    /// How long until something is due, zero or negative: now; empty: nothing is entered.
    public Optional<Duration> left() {
        lock.lock();
        try {
            return planned.isEmpty() ? Optional.empty() : Optional.of(Duration.ofNanos(leftNanos()));
        } finally {
            lock.unlock();
        }
    }

    /// Blocks until something is due, at most for that long.
    public void await(long atMostNanos) throws InterruptedException {
        lock.lock();
        try {
            long until = nanoTime.getAsLong() + atMostNanos;
            while (true) {
                long left = Math.min(leftNanos(), until - nanoTime.getAsLong());
                if (left <= 0) return;
                earlier.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /// How much is entered.
    public int size() {
        lock.lock();
        try {
            return planned.size();
        } finally {
            lock.unlock();
        }
    }
}
