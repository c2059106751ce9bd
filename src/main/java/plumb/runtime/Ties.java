package plumb.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import plumb.dispatch.Dispatcher;
import plumb.http.Gates;
import plumb.keyspace.Incarnation;
import plumb.ownership.Lease;
import plumb.ownership.OwnershipListener;
import plumb.routing.RoutingTableRefresher;

/// Ties ownership to dispatch, gates and routing, which do not know each other.
final class Ties implements OwnershipListener {
    private final Dispatcher dispatcher;
    private final Gates gates;
    private final RoutingTableRefresher routing;
    private final Executor aside;

    Ties(Dispatcher dispatcher, Gates gates, RoutingTableRefresher routing, Executor aside) {
        this.dispatcher = dispatcher;
        this.gates = gates;
        this.routing = routing;
        this.aside = aside;
    }

    @Override
    public void granted(Lease lease) {
        dispatcher.granted(lease.domain(), lease.keys(), lease.tenure());
        reroute(lease);
    }

    @Override
    public void lost(Lease lease, String cause) {
        dispatcher.halt(lease.range(), cause);
        reroute(lease);
    }

    /// First the filter holds newcomers back and the requests that it let in finish, then the mailboxes empty.
    @Override
    public CompletionStage<?> drain(Lease lease) {
        return gates.close(lease.range()).thenCompose(idle -> dispatcher.drain(lease.range()));
    }

    @Override
    public void undrain(Lease lease) {
        dispatcher.undrain(lease.range());
        gates.open(lease.range());
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

    /// Requests that waited at the gate go on only when the table knows where.
    private void reroute(Lease lease) {
        aside.execute(() -> {
            refresh();
            gates.open(lease.range());
        });
    }
}
