package plumb.ownership;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;

/// A keeper whose two threads are somebody else's: hundreds of them share a few. Its instance serves nobody.
public final class SteppedKeeper {
    private final LeaseKeeper keeper;

    /// @param heartbeat used by whoever calls [#renew]
    public SteppedKeeper(InstanceInfo info, KeeperSettings settings, LeaseTable table, Heartbeat heartbeat) {
        keeper = new LeaseKeeper(
                info,
                settings,
                table,
                heartbeat,
                new Trust(System::nanoTime),
                new Nobody(),
                version -> {},
                peer -> CompletableFuture.completedFuture(true),
                System::nanoTime);
        keeper.open();
    }

    /// One round or glance.
    ///
    /// @return nanoseconds until the next at the latest
    public long tick() {
        return keeper.tick();
    }

    /// @return nanoseconds until the next
    public long renew() {
        return keeper.renew();
    }

    /// The next tick is a round.
    public void signal() {
        keeper.signal();
    }

    /// Whether it has claimed its share.
    public boolean serves() {
        return keeper.state() == LeaseKeeper.State.SERVING;
    }

    public int leases() {
        return keeper.leases().size();
    }

    public Incarnation incarnation() {
        return keeper.incarnation().orElseThrow();
    }

    public KeeperStats stats() {
        return keeper.stats();
    }

    private static final class Nobody implements OwnershipListener {
        @Override
        public void granted(Lease lease, boolean handedOver) {}

        @Override
        public void lost(Lease lease, String cause) {}

        @Override
        public CompletionStage<HandedAlong> drain(Lease lease) {
            return CompletableFuture.completedFuture(HandedAlong.NOTHING);
        }

        @Override
        public void undrain(Lease lease) {}

        @Override
        public void registered(Incarnation incarnation) {}
    }
}
