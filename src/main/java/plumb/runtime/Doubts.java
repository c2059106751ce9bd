package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.Doubt;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTableException;
import plumb.postgres.TransactionStatus;

/// Settles ambiguous commits where ownership and the database meet.
///
/// The order is the point: first the own epoch is raised, so that whatever the lost connection may still deliver fails
/// at the fence (and a fence that it holds is waited for); then the handlers are gone; only then is the question "what
/// became of it?" asked, because only then can the answer not change any more.
final class Doubts implements Doubt {
    private static final Logger LOG = System.getLogger(Doubts.class.getName());
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final LeaseKeeper keeper;
    private final TransactionStatus transactions;
    private final Duration patience;
    private final Executor aside;
    private final LongSupplier nanoTime;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// @param patience how long to ask a database that does not answer; callers have left long before
    /// @param aside runs what goes on after that
    Doubts(
            LeaseKeeper keeper,
            TransactionStatus transactions,
            Duration patience,
            Executor aside,
            LongSupplier nanoTime) {
        this.keeper = keeper;
        this.transactions = transactions;
        this.patience = patience;
        this.aside = aside;
        this.nanoTime = nanoTime;
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
                switch (transactions.of(xid, tenures.iterator().next().owner())) {
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
        if (!reclaimed && stopped.getCount() > 0) aside.execute(() -> reclaimLater(tenures));
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
        try {
            return stopped.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    void stop() {
        stopped.countDown();
    }
}
