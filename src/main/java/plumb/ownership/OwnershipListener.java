package plumb.ownership;

import java.util.concurrent.CompletionStage;
import plumb.keyspace.HandedAlong;

/// What ownership tells the rest of the instance. Called one at a time and in order, on the keeper's thread, and for a
/// reclaim on the thread that asked for it; must not block.
public interface OwnershipListener {
    /// From now on requests of this lease's keys are served here. Also called with the raised epoch after a self-claim,
    /// after [#lost] of the former lease.
    ///
    /// @param handedOver it may come from a planned move, and something with it ([LeaseTable#handedAlong])
    void granted(Lease lease, boolean handedOver);

    /// Halt: drop the memory of those keys, touch no database.
    void lost(Lease lease, String cause);

    /// A planned move begins: let new requests wait, finish what runs, flush. Completes when nothing of this lease is
    /// pending, with what goes along to the next owner.
    CompletionStage<HandedAlong> drain(Lease lease);

    /// The planned move did not happen: serve on.
    void undrain(Lease lease);

    /// This life of the instance has ended, or the first one begins.
    void registered(plumb.keyspace.Incarnation incarnation);
}
