package simulation;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.commit.FencedStore;
import plumb.commit.Unit;
import plumb.ownership.LeaseTableException;
import plumb.postgres.TransactionStatus.State;

/// A lane's connection: one message for the fence and the writes, one for COMMIT. Answers may be lost, COMMIT may take
/// long, or do its work when the client has given up.
final class Store implements FencedStore {
    /// The server ends a transaction of which it hears nothing for that long.
    private static final long IDLE = Duration.ofMillis(500).toNanos();

    private static final long TIMEOUT = Duration.ofSeconds(1).toNanos();
    private static final long SLOW = Duration.ofSeconds(3).toNanos();
    private static final int LOST_ONE_IN = 2;
    private static final long SLUGGISH = Duration.ofMillis(600).toNanos();
    private static final int SLUGGISH_ONE_IN = 3;

    private final World world;
    private final Link link;
    private final long usualNanos;
    boolean slow;
    boolean noisy;

    Store(World world, Link link) {
        this.world = world;
        this.link = link;
        this.usualNanos = world.luck.nextInt(SLUGGISH_ONE_IN) == 0 ? SLUGGISH : 1;
    }

    void heal() {
        slow = false;
        noisy = false;
    }

    @Override
    public Attempt commit(List<Unit> units) {
        Connected connected;
        try {
            connected = link.call("begin", () -> new Connected(units));
        } catch (LeaseTableException e) {
            return new Attempt.TryAgain("no answer to the fence");
        }
        if (connected.transaction.isBad()) {
            connected.transaction.abort();
            if (units.size() > 1) world.count("batches with bad data");
            return new Attempt.BadData("23514", "the constraint");
        }
        return connected.commit();
    }

    @Override
    public void close() {}

    private final class Connected {
        private final Transaction transaction;
        private boolean committing;
        private @Nullable Attempt attempt;

        private Connected(List<Unit> units) {
            transaction = world.database.begin(units);
            world.scheduler.after(IDLE, this::endIfIdle);
        }

        private void endIfIdle() {
            if (!committing) transaction.abort();
        }

        private Attempt commit() {
            var pause = new Scheduler.Pause();
            world.scheduler.after(link.latency(), () -> arrive(pause));
            pause.await();
            return attempt == null ? doubt("no answer to COMMIT") : attempt;
        }

        private void arrive(Scheduler.Pause client) {
            boolean lost = link.isUnlucky() || (noisy && world.luck.nextInt(LOST_ONE_IN) == 0);
            if (link.isAway() || (lost && world.luck.nextBoolean())) {
                world.scheduler.after(TIMEOUT, client::end);
                return;
            }
            boolean idle = transaction.state() != State.IN_PROGRESS && !committing;
            committing = true;
            long takes = world.luck.nextLong(slow ? SLOW : usualNanos);
            world.scheduler.after(takes, () -> {
                boolean committed = transaction.commit();
                if (lost) return;
                if (committed) attempt = new Attempt.Applied(transaction.refused());
                else if (idle) attempt = new Attempt.TryAgain("the transaction stood still");
                client.end();
            });
            if (lost) world.scheduler.after(world.luck.nextLong(takes + TIMEOUT), client::end);
        }

        private Attempt doubt(String why) {
            return new Attempt.InDoubt(transaction.xid(), transaction.refused(), why);
        }
    }
}
