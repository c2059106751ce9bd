package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import plumb.Deadline;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.ownership.LeaseTableException;
import plumb.postgres.AlarmRows;

/// Looks for alarms that are due while their keys are not in memory: passivated ones, and those that came with a range.
/// A key that is in memory rings its alarms itself; it is found here only if that did not work, or its instance's clock
/// is behind.
final class AlarmWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AlarmWatch.class.getName());
    private static final int PAGE = 1_000;
    private static final int SOON = 20; // so many looks in the usual time, while there are more

    /// Each loads a key: more at once would only wait for one another.
    private static final int MOST_AT_ONCE = 256;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AlarmRows rows;
    private final Dispatcher dispatcher;
    private final Supplier<Optional<Incarnation>> me;
    private final Duration every;
    private final LongSupplier nanoTime;
    private final Set<Key> ringing = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread;

    /// @param me under whom ranges are held
    /// @param every how often it looks
    AlarmWatch(
            AlarmRows rows,
            Dispatcher dispatcher,
            Supplier<Optional<Incarnation>> me,
            Duration every,
            LongSupplier nanoTime,
            Threads threads) {
        this.rows = rows;
        this.dispatcher = dispatcher;
        this.me = me;
        this.every = every;
        this.nanoTime = nanoTime;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads.platform("plumb-alarms"));
    }

    void start() {
        if (dispatcher.withAlarms().isEmpty()) return;
        next(every);
    }

    private void round() {
        boolean all = true;
        try {
            Incarnation owner = me.get().orElse(null);
            all = owner == null || look(owner);
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, e::getMessage);
        } catch (RuntimeException | Error e) { // the looks must go on, whatever one of them meets
            LOG.log(Level.WARNING, "a look for alarms failed", e);
        } finally {
            next(all ? every : every.dividedBy(SOON));
        }
    }

    private void next(Duration pause) {
        try {
            thread.schedule(this::round, Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    /// Who is asked already is not asked again before he has answered.
    ///
    /// @return false: there are more than can ring at once
    private boolean look(Incarnation owner) {
        List<AlarmRows.Overdue> page = rows.overdue(owner, PAGE);
        dispatcher.stats().overdue(longest(page));
        for (AlarmRows.Overdue each : page) {
            if (ringing.size() >= MOST_AT_ONCE) return false;
            if (ringing.add(each.key())) ring(each.key(), each.now());
        }
        return true;
    }

    private static Duration longest(List<AlarmRows.Overdue> page) {
        return page.isEmpty()
                ? Duration.ZERO
                : Duration.between(page.getFirst().oldest(), page.getFirst().now());
    }

    private void ring(Key key, Instant by) {
        dispatcher
                .ring(key, by, Deadline.in(PATIENCE, nanoTime.getAsLong()))
                .whenComplete((done, failure) -> ringing.remove(key));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
