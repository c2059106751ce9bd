package plumb.runtime;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import plumb.dispatch.Dispatcher;
import plumb.http.Gates;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.ownership.Lease;
import plumb.ownership.OwnershipListener;
import plumb.routing.RoutingTableRefresher;

/// Ties ownership to dispatch, gates and routing, which do not know each other.
final class Ties implements OwnershipListener {
    private final Dispatcher dispatcher;
    private final Gates gates;
    private final RoutingTableRefresher routing;
    private final Arrivals arrivals;
    private final Executor aside;
    private final Set<Lease> draining = new HashSet<>(); // guarded by this

    Ties(Dispatcher dispatcher, Gates gates, RoutingTableRefresher routing, Arrivals arrivals, Executor aside) {
        this.dispatcher = dispatcher;
        this.gates = gates;
        this.routing = routing;
        this.arrivals = arrivals;
        this.aside = aside;
    }

    @Override
    public void granted(Lease lease, boolean handedOver) {
        var handed = handedOver ? arrivals.of(lease) : CompletableFuture.completedFuture(HandedAlong.NOTHING);
        dispatcher.granted(lease.domain(), lease.keys(), lease.tenure(), handed);
        gates.granted(lease.range(), lease.epoch(), lease.keys());
        aside.execute(this::refresh);
    }

    @Override
    public void lost(Lease lease, String cause) {
        synchronized (this) {
            draining.remove(lease);
            arrivals.lost(lease);
            gates.lost(lease.range(), lease.epoch());
            dispatcher.halt(lease.range(), cause);
        }
        aside.execute(() -> {
            refresh(); // who waits at the gate goes on only when the table knows where
            gates.forget(lease.range(), lease.epoch());
        });
    }

    /// First the filter holds newcomers back and the requests that it let in finish, then the mailboxes empty.
    @Override
    public CompletionStage<HandedAlong> drain(Lease lease) {
        synchronized (this) {
            draining.add(lease);
        }
        return gates.close(lease.range(), lease.epoch()).thenCompose(idle -> drainMailboxes(lease));
    }

    /// Runs on the thread of the last request to leave the gate, perhaps when the move has been given up already: then
    /// nobody would undo it.
    private synchronized CompletionStage<HandedAlong> drainMailboxes(Lease lease) {
        return draining.contains(lease)
                ? dispatcher.drain(lease.range())
                : CompletableFuture.failedStage(new CancellationException("the move was given up"));
    }

    @Override
    public void undrain(Lease lease) {
        synchronized (this) {
            draining.remove(lease);
            dispatcher.undrain(lease.range());
        }
        gates.open(lease.range(), lease.epoch());
    }

    @Override
    public void registered(Incarnation incarnation) {
        aside.execute(this::refresh);
    }

    private void refresh() {
        try {
            routing.refreshNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the instance stops
        }
    }
}
