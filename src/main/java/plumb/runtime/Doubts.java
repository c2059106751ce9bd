package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.Doubt;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTableException;
import plumb.postgres.TransactionStatus.State;

/// Settles ambiguous commits where ownership and the database meet.
///
/// The order is the point: first the own epoch is raised, so that whatever the lost connection may still deliver fails
/// at the fence (and a fence that it holds is waited for); then the handlers are gone; only then is the question "what
/// became of it?" asked, because only then can the answer not change any more.
final class Doubts implements Doubt {
    private static final Logger LOG = System.getLogger(Doubts.class.getName());
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final LeaseKeeper keeper;
    private final BiFunction<String, Incarnation, State> transactions;
    private final Duration patience;
    private final Executor aside;
    private final LongSupplier nanoTime;
    private final LongConsumer rest;
    private volatile boolean stopped;

    /// @param transactions what became of a transaction of that incarnation ([plumb.postgres.TransactionStatus])
    /// @param patience how long to ask a database that does not answer; callers have left long before
    /// @param aside runs what goes on after that
    /// @param rest blocks for so many nanoseconds, at most
    Doubts(
            LeaseKeeper keeper,
            BiFunction<String, Incarnation, State> transactions,
            Duration patience,
            Executor aside,
            LongSupplier nanoTime,
            LongConsumer rest) {
        this.keeper = keeper;
        this.transactions = transactions;
        this.patience = patience;
        this.aside = aside;
        this.nanoTime = nanoTime;
        this.rest = rest;
    }

    @Override
    public Outcome settle(Set<Tenure> tenures, @Nullable String xid) {
        LOG.log(Level.WARNING, () -> "ambiguous commit, transaction " + xid + ", tenures " + tenures);
        long begun = nanoTime.getAsLong();
        boolean reclaimed = false;
        do {
            try {
                if (!reclaimed) reclaimed = keeper.reclaim(tenures);
                if (!reclaimed) continue;
                if (xid == null) return Outcome.NOT_APPLIED; // the statements follow the fence's answer
                switch (transactions.apply(xid, tenures.iterator().next().owner())) {
                    case COMMITTED -> {
                        return Outcome.APPLIED;
                    }
                    case ABORTED -> {
                        return Outcome.NOT_APPLIED;
                    }
                    case UNKNOWN -> {
                        return Outcome.UNKNOWN;
                    }
                    case IN_PROGRESS -> {} // its locks are gone, its end is about to show
                }
            } catch (LeaseTableException e) {
                LOG.log(Level.WARNING, () -> "cannot settle yet: " + e.getMessage());
            }
        } while (nanoTime.getAsLong() - begun < patience.toNanos() && !stopping());
        if (!reclaimed && !stopped) aside.execute(() -> reclaimLater(tenures));
        return Outcome.UNKNOWN;
    }

    /// Until it works: the handlers of these tenures are gone, so as long as the leases stand nobody serves their keys.
    private void reclaimLater(Set<Tenure> tenures) {
        while (!stopping()) {
            try {
                if (keeper.reclaim(tenures)) return;
            } catch (LeaseTableException e) {
                LOG.log(Level.DEBUG, () -> "cannot reclaim yet: " + e.getMessage());
            }
        }
    }

    private boolean stopping() {
        rest.accept(BETWEEN_TRIES.toNanos());
        return stopped || Thread.currentThread().isInterrupted();
    }

    /// What still waits ends with its next try.
    void stop() {
        stopped = true;
    }
}
