package plumb.commit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Group commit: one thread that takes all units that wait, commits them in one fenced transaction, and takes all that
/// came meanwhile. Batches form by themselves; there is no timer. A range is always on the same lane, so the rows that
/// the fence locks never have a second locker.
///
/// The lane's thread only talks to the database: results are handed to the `completions` executor, and the next batch
/// is on its way while callers are still being told of the last one. Every unit gets exactly one result, whatever
/// fails.
public final class CommitLane implements Committer, AutoCloseable {
    private static final Logger LOG = System.getLogger(CommitLane.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private record Pending(Unit unit, CompletableFuture<CommitResult> result) {}

    private final FencedStore store;
    private final Batch batches;
    private final LaneSettings settings;
    private final Executor completions;
    private final LaneStats stats = new LaneStats();
    private final LongSupplier nanoTime;
    private final Thread thread;
    private volatile @Nullable Long busySince;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock

    public CommitLane(
            FencedStore store,
            Doubt doubt,
            LaneSettings settings,
            ThreadFactory threads,
            Executor completions,
            LongSupplier nanoTime) {
        this.store = store;
        this.settings = settings;
        this.completions = completions;
        this.nanoTime = nanoTime;
        this.batches = new Batch(store, doubt, settings.maxTries(), this::pause, stats);
        this.thread = threads.newThread(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public CompletableFuture<CommitResult> submit(Unit unit) {
        var result = new CompletableFuture<CommitResult>();
        lock.lock();
        try {
            if (closed) return refused("the lane is closed");
            if (pending.size() >= settings.maxPending()) return refused("too many turns wait for the lane");
            pending.add(new Pending(unit, result));
            if (pending.size() == 1) work.signal();
        } finally {
            lock.unlock();
        }
        return result;
    }

    private static CompletableFuture<CommitResult> refused(String why) {
        return CompletableFuture.completedFuture(new CommitResult.NotApplied(why));
    }

    /// How many turns wait at the moment.
    public int pending() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /// For how long the batch that is on its way has been: a lane that stands still keeps every turn that writes from
    /// ending, while everything else looks healthy. Zero: none is.
    public Duration busyFor() {
        Long since = busySince;
        return since == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - since));
    }

    public LaneStats stats() {
        return stats;
    }

    private void run() {
        try {
            for (List<Pending> batch = take(); !batch.isEmpty(); batch = take()) commit(batch);
        } finally {
            refuseAll(); // a lane that ends for any other reason than close() leaves nobody waiting
            store.close();
        }
    }

    private void commit(List<Pending> batch) {
        List<CommitResult> results;
        busySince = nanoTime.getAsLong();
        try {
            results = batches.commit(batch.stream().map(Pending::unit).toList());
        } catch (Throwable e) {
            // no memory to say more: what was in flight is in doubt, the lane goes on
            LOG.log(Level.ERROR, "the lane failed", e);
            CommitResult unknown = new CommitResult.Ambiguous(CommitResult.Outcome.UNKNOWN);
            results = Collections.nCopies(batch.size(), unknown);
        }
        busySince = null;
        tell(batch, results);
    }

    private void tell(List<Pending> batch, List<CommitResult> results) {
        Runnable answers = () -> {
            for (int i = 0; i < batch.size(); i++) batch.get(i).result().complete(results.get(i));
        };
        try {
            completions.execute(answers);
        } catch (Throwable e) {
            // shut down, or no thread left: better told on this thread than never
            LOG.log(Level.WARNING, "nobody else tells the results", e);
            answers.run();
        }
    }

    /// All that waits, up to a batch; blocks until there is something. Empty: closed.
    private List<Pending> take() {
        lock.lock();
        try {
            while (pending.isEmpty() && !closed) work.awaitUninterruptibly();
            if (closed) return List.of();
            int size = Math.min(pending.size(), settings.maxUnits());
            var batch = new ArrayList<Pending>(size);
            for (int i = 0; i < size; i++) batch.add(pending.remove());
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Waits a little before another try; false: closed meanwhile. An interrupt ends the wait and nothing else: only
    /// [#close] ends a lane.
    private boolean pause() {
        lock.lock();
        try {
            long left = settings.betweenTries().toNanos();
            while (!closed && left > 0) left = work.awaitNanos(left);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the next try comes early", e);
        } finally {
            lock.unlock();
        }
        return isOpen();
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// What is on its way is finished, but not tried again; what waits is refused (not applied). Waits for the lane's
    /// end, at most 10 s.
    @Override
    public void close() {
        refuseAll();
        if (thread.getState() == Thread.State.NEW) {
            store.close();
            return;
        }
        try {
            boolean ended = thread.join(PATIENCE);
            if (!ended) LOG.log(Level.WARNING, "the lane still waits for the database");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// From now on nothing is taken. The answers are given on the calling thread.
    private void refuseAll() {
        List<Pending> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(pending);
            pending.clear();
            work.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(each -> each.result().complete(new CommitResult.NotApplied("the lane is closed")));
    }
}
