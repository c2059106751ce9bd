package plumb.routing;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import plumb.keyspace.Incarnation;
import plumb.ownership.LeaseTable;

/// Keeps [Routes] current: one thread reads what changed, whenever somebody says that something did. Signals
/// that come while it reads make one more read, however many they are. A read that fails leaves the old table; the next
/// signal retries.
public final class RoutingTableRefresher implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RoutingTableRefresher.class.getName());

    private final TableReader reader;
    private final Routes routes;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long requested; // guarded by lock, as all below
    private long attempted;
    private long succeeded;
    private boolean closed;
    private final LongAdder failures = new LongAdder();
    private volatile long confirmedNanos;

    /// @param me this instance's incarnation, as of now
    /// @param threads makes its one thread
    public RoutingTableRefresher(
            LeaseTable table,
            Routes routes,
            Supplier<Optional<Incarnation>> me,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this.reader = new TableReader(table, me);
        this.routes = routes;
        this.nanoTime = nanoTime;
        this.confirmedNanos = nanoTime.getAsLong();
        this.thread = threads.newThread(this::run);
    }

    /// Starts the thread. A first read is made at once.
    public void start() {
        refresh();
        thread.start();
    }

    /// Ends the thread; does not wait for a read that runs.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Somebody has seen that routing version (a notification, a renewal's answer, an owner that said 421). Reads, if
    /// the table is older or the last read failed. Does not block.
    public void refreshAtLeast(long version) {
        long known = routes.current().version();
        lock.lock();
        try {
            if (version > known || succeeded < requested) {
                requested++;
                changed.signalAll();
            } else if (version == known) {
                confirmedNanos = nanoTime.getAsLong();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Reads soon, whatever is known. Does not block.
    public void refresh() {
        lock.lock();
        try {
            requested++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Blocks until a read that began after this call has ended.
    ///
    /// @return whether that read succeeded; false also after [#close()]
    /// @throws InterruptedException if the caller was interrupted meanwhile
    public boolean refreshNow() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long mine = ++requested;
            changed.signalAll();
            while (attempted < mine && !closed) changed.await();
            return succeeded >= mine;
        } finally {
            lock.unlock();
        }
    }

    /// How long ago the table was last known to be current.
    public Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - confirmedNanos);
    }

    /// Reads that failed.
    public long failures() {
        return failures.sum();
    }

    private void run() {
        long next = awaitRequest();
        while (next >= 0) {
            attempt(next);
            next = awaitRequest();
        }
    }

    /// The number of the newest request, or -1: closed.
    private long awaitRequest() {
        lock.lock();
        try {
            while (requested == attempted && !closed) changed.awaitUninterruptibly();
            return closed ? -1 : requested;
        } finally {
            lock.unlock();
        }
    }

    /// One read. Whatever it throws, the loop goes on.
    void attempt(long request) {
        boolean done = false;
        long begun = nanoTime.getAsLong();
        try {
            reader.read(routes.current()).ifPresent(routes::publish);
            confirmedNanos = begun;
            done = true;
        } catch (RuntimeException e) {
            failures.increment();
            LOG.log(Level.WARNING, "The routing table could not be read; the old one stays in use", e);
        }
        answer(request, done);
    }

    private void answer(long request, boolean done) {
        lock.lock();
        try {
            attempted = request;
            if (done) succeeded = request;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
