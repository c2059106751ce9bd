package simulation;

import java.util.concurrent.CompletionStage;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.ownership.Lease;
import plumb.ownership.OwnershipListener;

/// Passes on what ownership tells.
class Relay implements OwnershipListener {
    private final OwnershipListener next;

    Relay(OwnershipListener next) {
        this.next = next;
    }

    @Override
    public void granted(Lease lease, boolean handedOver) {
        next.granted(lease, handedOver);
    }

    @Override
    public void lost(Lease lease, String cause) {
        next.lost(lease, cause);
    }

    @Override
    public CompletionStage<HandedAlong> drain(Lease lease) {
        return next.drain(lease);
    }

    @Override
    public void undrain(Lease lease) {
        next.undrain(lease);
    }

    @Override
    public void registered(Incarnation incarnation) {
        next.registered(incarnation);
    }
}
