package plumb.ownership;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// Several keepers over one lease table under a clock that a test moves. Nothing runs by itself, so every run is the
/// same; and whatever happens, no two instances may believe at the same moment that they hold the same range and trust
/// their memory.
final class FakeCluster {
    static final KeeperSettings SETTINGS = KeeperSettings.defaults();
    private static final long STEP_NANOS = Duration.ofMillis(50).toNanos();

    final InMemoryLeaseTable table = new InMemoryLeaseTable();
    final List<Node> nodes = new ArrayList<>();
    boolean databaseAway;
    private long now = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos(); // wraps soon, as a monotonic clock may

    FakeCluster(int ranges) {
        table.createRanges("customer", "UUID", ranges);
    }

    Node add(String name) {
        var node = new Node(name);
        nodes.add(node);
        return node;
    }

    /// Lets that much time pass for everybody who is not paused.
    void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= STEP_NANOS) {
            now += STEP_NANOS;
            for (Node node : nodes) {
                node.step();
                checkExclusive();
            }
        }
    }

    private void checkExclusive() {
        var holders = new HashMap<RangeId, String>();
        for (Node node : nodes)
            for (Lease lease : node.held.values()) {
                if (!node.trust.holds()) continue;
                String other = holders.put(lease.range(), node.name);
                if (other != null)
                    throw new AssertionError(other + " and " + node.name + " both trust their memory of " + lease);
            }
    }

    /// The table, as long as the database is there.
    private <T> T guarded(Class<T> port, T real) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    if (databaseAway && !method.getName().equals("close"))
                        throw new LeaseTableException("away", new java.io.IOException("away"));
                    try {
                        return method.invoke(real, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /// One instance.
    final class Node implements OwnershipListener {
        final String name;
        final Trust trust = new Trust(() -> now);
        final LeaseKeeper keeper;
        final Map<RangeId, Lease> held = new HashMap<>();
        final List<String> events = new ArrayList<>();
        boolean paused;
        boolean left;
        CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);
        private long nextRenewal = now;
        private long nextTick = now;

        private Node(String name) {
            this.name = name;
            this.keeper = new LeaseKeeper(
                    LeaseTableFixture.info(name),
                    SETTINGS,
                    guarded(LeaseTable.class, table),
                    guarded(Heartbeat.class, table.heartbeat()),
                    trust,
                    this,
                    version -> {},
                    () -> now);
        }

        private void step() {
            if (paused || left) return;
            if (now - nextRenewal >= 0) nextRenewal = now + keeper.renew();
            if (now - nextTick >= 0) {
                long delay = keeper.tick();
                if (delay == Loop.DONE) left = true;
                nextTick = now + Math.max(0, delay);
            }
        }

        Incarnation incarnation() {
            return keeper.incarnation().orElseThrow();
        }

        @Override
        public void granted(Lease lease) {
            if (held.put(lease.range(), lease) != null) throw new AssertionError(name + " was granted twice: " + lease);
            events.add("granted " + lease.range() + " " + lease.epoch());
        }

        @Override
        public void lost(Lease lease, String cause) {
            if (!held.remove(lease.range(), lease))
                throw new AssertionError(name + " lost what it did not have: " + lease);
            events.add("lost " + lease.range() + " " + lease.epoch() + " " + cause);
        }

        @Override
        public CompletionStage<?> drain(Lease lease) {
            events.add("drain " + lease.range());
            return drained;
        }

        @Override
        public void undrain(Lease lease) {
            events.add("undrain " + lease.range());
        }

        @Override
        public void registered(Incarnation incarnation) {
            events.add("registered");
        }
    }
}
