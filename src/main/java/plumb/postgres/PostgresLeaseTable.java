package plumb.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.Decision;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable;
import plumb.ownership.Wish;

/// The lease rows in Postgres. Each method is one READ COMMITTED transaction on one of three own connections.
///
/// Lock order everywhere: range rows by id, then `routing_version`, then a plain look at the own instance row; an
/// instance row is written last. So nobody holds the global row while waiting for writers' fences, and nothing waits
/// behind an instance row.
public final class PostgresLeaseTable implements LeaseTable, AutoCloseable {
    /// Once in a domain's life. Ten thousand ranges take seconds, half of them in the COMMIT that looks for holes; for
    /// as long others that start wait.
    private static final Duration CREATION = Duration.ofSeconds(30);

    private final LeaseSessions sessions;
    private final Sessions foreign;
    private final Connections creating;

    /// @param connections their statement time-out bounds every statement of an ownership change
    public PostgresLeaseTable(Connections connections) {
        this.creating = new Connections(connections.settings().patient(CREATION));
        this.sessions = new LeaseSessions(connections);
        this.foreign = new Sessions(connections);
    }

    @Override
    public Incarnation register(InstanceInfo me, @Nullable Incarnation former) {
        return register(me, InstanceRow.State.ALIVE, former);
    }

    @Override
    public Incarnation join(InstanceInfo me, @Nullable Incarnation former) {
        return register(me, InstanceRow.State.LEAVING, former);
    }

    private Incarnation register(InstanceInfo me, InstanceRow.State state, @Nullable Incarnation former) {
        Incarnation fresh = sessions.transact("register", tx -> Instances.register(tx, me, state, former));
        sessions.actAs(fresh);
        return fresh;
    }

    @Override
    public void createRanges(String domain, String keyType, int count) {
        try (var patient = new LeaseSessions(creating)) {
            patient.transact("creating ranges of " + domain, tx -> {
                DomainRanges.create(tx, domain, keyType, count);
                return true;
            });
        }
    }

    @Override
    public List<InstanceRow> instances() {
        return sessions.transact("reading instances", Instances::living);
    }

    @Override
    public Map<Incarnation, Long> heartbeats(Set<Incarnation> of) {
        return sessions.transact("reading heartbeats", tx -> Instances.heartbeats(tx, of));
    }

    @Override
    public Optional<InstanceRow> instance(Incarnation incarnation) {
        return sessions.transact("reading an instance", tx -> Instances.one(tx, incarnation));
    }

    @Override
    public RangePage rangesSince(long version) {
        return sessions.transact("reading ranges", tx -> DomainRanges.since(tx, version));
    }

    @Override
    public boolean declareDead(Incarnation me, Incarnation victim, long observedHeartbeat) {
        boolean declared = verdict(victim, tx -> Instances.declareDead(tx, me, victim, observedHeartbeat));
        if (declared) foreign.terminate(victim, me);
        return declared;
    }

    @Override
    public boolean confirmDead(Incarnation me, Incarnation victim, long notedHeartbeat) {
        // before the version's lock is taken for nothing: who drains refuses connections, too, and lives. And who does
        // not see itself, behind a pooler that hides names, sees nobody.
        boolean gone = sessions.transact(
                "looking for sessions of " + victim,
                tx -> !Instances.hasSession(tx, victim) && Instances.hasSession(tx, me));
        if (!gone) return false;
        return verdict(victim, tx -> Instances.confirmDead(tx, me, victim, notedHeartbeat));
    }

    private boolean verdict(Incarnation victim, LeaseSessions.Work<Boolean> compareAndSet) {
        return sessions.transact("declaring " + victim + " dead", tx -> {
            RoutingVersion.touch(tx, "dead"); // so that claims either see the verdict or precede it
            boolean done = compareAndSet.in(tx);
            if (!done) tx.rollback();
            return done;
        });
    }

    @Override
    public ClaimResult claim(Incarnation me, int max) {
        return sessions.transact("claim", tx -> Claims.claim(tx, me, max));
    }

    @Override
    public ClaimResult claim(Incarnation me, Set<RangeId> ranges) {
        return sessions.transact("claim", tx -> Claims.claim(tx, me, ranges));
    }

    @Override
    public boolean wish(RangeId range, Epoch epoch, Wish wish, Decision decision) {
        return sessions.transact("a wish for " + range, tx -> Wishes.wish(tx, range, epoch, wish, decision));
    }

    @Override
    public void cancelWish(RangeId range, Epoch epoch) {
        sessions.transact("cancelling the wish for " + range, tx -> Wishes.cancel(tx, range, epoch));
    }

    @Override
    public boolean pin(RangeId range, Epoch epoch, boolean pinned, Decision decision) {
        return sessions.transact("pinning " + range, tx -> Wishes.pin(tx, range, epoch, pinned, decision));
    }

    @Override
    public List<Lease> split(Tenure held, long at, HandedAlong along) {
        return sessions.transact("split of " + held.range(), tx -> Wishes.split(tx, held, at, along));
    }

    @Override
    public Optional<Lease> merge(Tenure held, Tenure next, HandedAlong along) {
        return sessions.transact("merge of " + held.range(), tx -> Wishes.merge(tx, held, next, along));
    }

    @Override
    public Optional<Epoch> handOver(Tenure held, Incarnation target, HandedAlong along) {
        return sessions.transact("hand-over of " + held.range(), tx -> {
            var next = new Tenure(held.range(), new Epoch(held.epoch().value() + 1), target);
            Luggage.send(tx, next, along); // before anything is locked that others wait for
            Optional<Epoch> epoch = HandOvers.handOver(tx, held, target);
            if (epoch.isEmpty()) tx.rollback();
            return epoch;
        });
    }

    @Override
    public HandedAlong handedAlong(Tenure held) {
        // no load before: it may find what a former owner committed and nobody was told of yet
        return sessions.transact("what came with " + held.range(), tx -> {
            Replication.mark(tx);
            return Luggage.of(tx, held);
        });
    }

    @Override
    public List<Lease> selfClaim(Incarnation me, Set<Tenure> held) {
        return sessions.transact("self-claim", tx -> Claims.selfClaim(tx, me, held));
    }

    @Override
    public void leave(Incarnation me) {
        sessions.transact("leave", tx -> {
            Instances.leave(tx, me);
            return true;
        });
    }

    @Override
    public void stay(Incarnation me) {
        sessions.transact("stay", tx -> {
            Instances.stay(tx, me);
            return true;
        });
    }

    @Override
    public void release(Incarnation me) {
        sessions.transact("release", tx -> {
            HandOvers.release(tx, me);
            return true;
        });
    }

    @Override
    public void close() {
        sessions.close();
    }
}
