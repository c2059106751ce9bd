package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import plumb.postgres.PostgresAudit;

/// What one instance does for all of them now and then, whichever gets the lock: the audit, and forgetting what is too
/// old. A lock without a fencing token is good enough here: twice does no harm.
final class Chores implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Chores.class.getName());
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final LockingTaskExecutor locks;
    private final PostgresAudit audit;
    private final Runnable forgetting;
    private final Duration every;
    private final ScheduledExecutorService thread;

    /// @param forgetting deletes what nobody needs any more
    Chores(LockingTaskExecutor locks, PostgresAudit audit, Runnable forgetting, Duration every, Threads threads) {
        this.locks = locks;
        this.audit = audit;
        this.forgetting = forgetting;
        this.every = every;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads.platform("plumb-chores"));
    }

    void start() {
        thread.scheduleWithFixedDelay(this::round, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Blocks for the database. Afterwards this instance knows the last verdict, whoever found it.
    void round() {
        try {
            locks.executeWithLock((Runnable) this::work, lock(every));
            audit.read();
        } catch (RuntimeException e) { // the thread must outlive a database that is away
            LOG.log(Level.WARNING, () -> "The chores are put off: " + e.getMessage());
        }
    }

    /// Held for most of the period, so that one instance does it, not one after the other.
    private static LockConfiguration lock(Duration every) {
        Duration atMost = LONGEST.compareTo(every) > 0 ? LONGEST : every;
        return new LockConfiguration(
                Instant.now(), "chores", atMost, every.multipliedBy(9).dividedBy(10));
    }

    private void work() {
        PostgresAudit.Verdict verdict = audit.run(false);
        if (verdict.count() > 0)
            LOG.log(Level.ERROR, () -> "The audit has " + verdict.count() + " violations: " + verdict.violations());
        forgetting.run();
    }

    @Override
    public void close() {
        Threads.end(thread);
    }
}
