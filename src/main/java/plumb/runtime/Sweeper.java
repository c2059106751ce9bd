package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import plumb.dispatch.Dispatcher;

/// Looks after what no request does: deadlines that pass in a queue, handlers that are idle, memory that is short.
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Sweeper.class.getName());
    private static final Duration EVERY = Duration.ofMillis(100);

    /// Of all handlers, each time that memory is short.
    private static final double PART = 0.25;

    private final Dispatcher dispatcher;
    private final HeapPressure heap;
    private final ScheduledExecutorService thread;

    Sweeper(Dispatcher dispatcher, HeapPressure heap, Threads threads) {
        this.dispatcher = dispatcher;
        this.heap = heap;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads.platform("plumb-sweeper"));
    }

    void start() {
        thread.scheduleWithFixedDelay(this::sweep, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            dispatcher.sweep();
            if (heap.isHigh()) shed();
        } catch (RuntimeException | Error e) { // the thread must outlive a memory that is short
            LOG.log(Level.WARNING, "a sweep failed", e);
        }
    }

    private void shed() {
        String gone = Integer.toString(dispatcher.shed(PART));
        LOG.log(Level.WARNING, () -> "The heap is full after a collection: " + gone + " idle handlers are passivated");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
