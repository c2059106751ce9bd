package plumb.admin;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import plumb.keyspace.Incarnation;
import plumb.ownership.Decision;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTableException;
import plumb.postgres.DrainWishes;

/// That this instance leaves, or serves again: as it is asked to here, or as somebody wishes in the table. One at a
/// time: who reads an older wish while a newer order is given would take that back. Safe for use by several threads.
public final class DrainOrders {
    private static final Logger LOG = System.getLogger(DrainOrders.class.getName());

    private final DrainWishes wishes;
    private final LeaseKeeper keeper;
    private final String name;
    private final Executor aside;

    /// @param name of this instance, for people
    /// @param aside gives each task a thread of its own, which may block
    public DrainOrders(DrainWishes wishes, LeaseKeeper keeper, String name, Executor aside) {
        this.wishes = wishes;
        this.keeper = keeper;
        this.name = name;
        this.aside = aside;
    }

    /// Gives everything away, and writes down who wanted it. Blocks for the database, and works without it.
    ///
    /// @return see [LeaseKeeper#drain]
    synchronized CompletableFuture<Void> drain(Decision decision) {
        CompletableFuture<Void> drained = keeper.drain();
        note(true, decision);
        return drained;
    }

    /// Serves again; likewise.
    synchronized void undrain(Decision decision) {
        keeper.undrain();
        note(false, decision);
    }

    private void note(boolean leave, Decision decision) {
        Incarnation me = keeper.incarnation().orElse(null);
        if (me == null) return;
        try {
            wishes.wish(me, name, leave, decision);
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "Who asked for it is not written down: " + e.getMessage());
        }
    }

    /// There may be another wish. Does not block.
    public void changed() {
        aside.execute(() -> {
            try {
                obey();
            } catch (LeaseTableException e) {
                LOG.log(Level.WARNING, () -> "Whether this instance is to leave is not known anew: " + e.getMessage());
            }
        });
    }

    private synchronized void obey() {
        Incarnation me = keeper.incarnation().orElse(null);
        if (me == null) return;
        wishes.of(me).ifPresent(leave -> {
            if (leave) keeper.drain();
            else keeper.undrain();
        });
    }
}
