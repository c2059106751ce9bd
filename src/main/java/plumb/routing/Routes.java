package plumb.routing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Holds the current routing table: one volatile read to look, a signal to wait for another.
public final class Routes {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Consumer<RoutingTable>> listeners = new CopyOnWriteArrayList<>();
    private volatile RoutingTable current = RoutingTable.empty();

    public RoutingTable current() {
        return current;
    }

    /// Swaps the table, wakes who waits and tells the listeners, on this thread.
    public void publish(RoutingTable table) {
        lock.lock();
        try {
            current = table;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Consumer<RoutingTable> listener : listeners) listener.accept(table);
    }

    /// Blocks until another table than the seen one was published, or the time is over.
    ///
    /// @param nanos at most that long; zero or negative: only looks
    /// @return whether there is another table
    /// @throws InterruptedException if the caller was interrupted meanwhile
    public boolean awaitChange(RoutingTable seen, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (current == seen && left > 0) left = changed.awaitNanos(left);
            return current != seen;
        } finally {
            lock.unlock();
        }
    }

    /// Called with every table that is published from now on, on the publisher's thread; must not block.
    public void onChange(Consumer<RoutingTable> listener) {
        listeners.add(listener);
    }
}
