package plumb.ownership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// One instance of a [FakeCluster], with a clock, a way to the database and troubles of its own.
final class FakeNode implements OwnershipListener {
    private record Write(InMemoryLeaseTable.Fence fence, long doneNanos) {}

    private record Drain(Lease lease, long doneNanos, CompletableFuture<HandedAlong> drained) {}

    final String name;
    final Trust trust;
    final LeaseKeeper keeper;
    final UnreliablePort database;
    final UnreliablePort renewals;
    final Map<RangeId, Lease> held = new HashMap<>();
    final Set<RangeId> parked = new HashSet<>(); // drained: nothing of it is answered
    final List<String> events = new ArrayList<>();
    boolean paused;
    boolean cutOff;
    boolean deaf; // to its peers
    boolean left;

    /// How long each drain takes that begins from now on.
    Duration drainTakes = Duration.ZERO;

    private final FakeCluster cluster;
    private final double drift;
    private final long offsetNanos;
    private final List<Drain> drains = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private long nextRenewal;
    private long nextTick;

    FakeNode(FakeCluster cluster, String name, double drift) {
        this(cluster, LeaseTableFixture.info(name), drift);
    }

    FakeNode(FakeCluster cluster, InstanceInfo info, double drift) {
        String name = info.name();
        this.cluster = cluster;
        this.name = name;
        this.drift = drift;
        // far apart, and each wraps soon, as a monotonic clock may
        this.offsetNanos = Long.MAX_VALUE
                - Duration.ofSeconds(5 + 3L * cluster.nodes.size()).toNanos();
        this.trust = new Trust(this::nanoTime);
        this.database = new UnreliablePort(cluster.table, () -> cluster.databaseAway || cutOff);
        this.renewals = new UnreliablePort(cluster.table.heartbeat(), () -> cluster.databaseAway || cutOff);
        this.keeper = new LeaseKeeper(
                info,
                cluster.settings,
                database.as(LeaseTable.class),
                renewals.as(Heartbeat.class),
                trust,
                this,
                version -> {},
                peer -> CompletableFuture.completedFuture(cluster.answers(peer)),
                this::nanoTime);
        this.nextRenewal = nanoTime();
        this.nextTick = nanoTime();
    }

    long nanoTime() {
        return offsetNanos + cluster.elapsedNanos + Math.round(cluster.elapsedNanos * drift);
    }

    void step() {
        if (paused || left) return;
        completeDrains();
        completeWrites();
        if (nanoTime() - nextRenewal >= 0) renew();
        if (paused || nanoTime() - nextTick < 0) return;
        long delay = keeper.tick();
        if (delay == Loop.DONE) left = true;
        nextTick = nanoTime() + Math.max(0, delay);
    }

    private void renew() {
        nextRenewal = nanoTime() + keeper.renew();
        if (cluster.flaw == Flaw.DEADLINE_FROM_ANSWER && trust.holds())
            trust.renewed(nanoTime(), FakeCluster.SETTINGS.trust());
    }

    /// Begins to write in one of its ranges: takes the fence now, and commits after that time.
    void write(Lease lease, Duration takes) {
        if (paused || database.isAway() || !serves(lease)) return;
        InMemoryLeaseTable.Fence fence = cluster.table.fence(lease.tenure());
        if (fence != null) writes.add(new Write(fence, cluster.elapsedNanos + takes.toNanos()));
    }

    /// Whatever the fence was taken for is committed when its time has come, however much has happened meanwhile.
    private void completeWrites() {
        for (Iterator<Write> all = writes.iterator(); all.hasNext(); ) {
            Write write = all.next();
            if (cluster.elapsedNanos - write.doneNanos() < 0) continue;
            all.remove();
            boolean committed = cluster.table.commit(write.fence());
            if (committed && !database.isAway()) cluster.committed(this, write.fence().tenure); // else rolled back
        }
    }

    private void completeDrains() {
        for (Iterator<Drain> all = drains.iterator(); all.hasNext(); ) {
            Drain drain = all.next();
            if (cluster.elapsedNanos - drain.doneNanos() < 0) continue;
            all.remove();
            end(drain);
        }
    }

    private void end(Drain drain) {
        if (drain.lease().equals(held.get(drain.lease().range())))
            parked.add(drain.lease().range());
        drain.drained().complete(HandedAlong.NOTHING);
    }

    /// Whether requests of that lease are answered.
    boolean serves(Lease lease) {
        return trust.holds() && !parked.contains(lease.range());
    }

    /// Stands still for that time between sending the next call of that method and getting its answer.
    void pauseIn(UnreliablePort port, String method, Duration time) {
        port.meanwhileIn = method;
        port.meanwhile = () -> {
            paused = true;
            cluster.pass(time);
            paused = false;
        };
    }

    /// Stands still for that time before it sends the next call of that method, having decided to.
    void pauseBefore(UnreliablePort port, String method, Duration time) {
        port.delayOf = method;
        port.delay = () -> {
            paused = true;
            cluster.pass(time);
            paused = false;
        };
    }

    Incarnation incarnation() {
        return keeper.incarnation().orElseThrow();
    }

    List<String> eventsWith(String word) {
        return events.stream().filter(event -> event.contains(word)).toList();
    }

    @Override
    public void granted(Lease lease, boolean handedOver) {
        if (held.put(lease.range(), lease) != null) throw new AssertionError(name + " was granted twice: " + lease);
        cluster.granted(this, lease);
        events.add("granted " + lease.range() + " " + lease.epoch());
    }

    @Override
    public void lost(Lease lease, String cause) {
        if (!held.remove(lease.range(), lease)) throw new AssertionError(name + " lost what it did not have: " + lease);
        parked.remove(lease.range());
        drains.removeIf(drain -> drain.lease().equals(lease));
        events.add("lost " + lease.range() + " " + lease.epoch() + " " + cause);
    }

    @Override
    public CompletionStage<HandedAlong> drain(Lease lease) {
        events.add("drain " + lease.range());
        var drain = new Drain(lease, cluster.elapsedNanos + drainTakes.toNanos(), new CompletableFuture<>());
        if (drainTakes.isZero()) end(drain);
        else drains.add(drain);
        return drain.drained();
    }

    @Override
    public void undrain(Lease lease) {
        parked.remove(lease.range());
        drains.removeIf(drain -> drain.lease().equals(lease));
        events.add("undrain " + lease.range());
    }

    @Override
    public void registered(Incarnation incarnation) {
        if (!held.isEmpty()) throw new AssertionError(name + " begins a new life and still has " + held);
        events.add("registered");
    }
}
