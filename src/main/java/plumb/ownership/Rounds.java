package plumb.ownership;

import static java.util.stream.Collectors.toSet;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.LeaseTable.ClaimResult;
import plumb.ownership.LeaseTable.ClaimResult.Fenced;
import plumb.ownership.LeaseTable.ClaimResult.Granted;
import plumb.ownership.LeaseTable.ClaimResult.Leaving;

/// One round of the keeper: look, declare the dead, claim, give. On its thread alone. A [LeaseTableException] ends a
/// round; the next one looks again.
final class Rounds {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());

    /// In one transaction: Postgres takes up to half a millisecond for each, and a statement may take a second.
    private static final int CLAIMED_AT_ONCE = 500;

    private final InstanceInfo info;
    private final KeeperSettings settings;
    private final LeaseTable table;
    private final Renewer renewer;
    private final Trust trust;
    private final Holdings holdings;
    private final Moves moves;
    private final LongSupplier nanoTime;
    private final KnownRanges known = new KnownRanges();
    private final Giver giver;
    private final Rollout rollout;
    private PeerWatch watch;
    private volatile List<InstanceRow> living = List.of();
    private @Nullable Incarnation former;
    private boolean claimed;
    private boolean unfinished; // there may be more to claim, at once
    private boolean left;
    private final LongAdder fences = new LongAdder();

    Rounds(
            InstanceInfo info,
            KeeperSettings settings,
            LeaseTable table,
            Renewer renewer,
            Trust trust,
            Holdings holdings,
            Moves moves,
            LongSupplier nanoTime) {
        this.info = info;
        this.settings = settings;
        this.table = table;
        this.renewer = renewer;
        this.trust = trust;
        this.holdings = holdings;
        this.moves = moves;
        this.nanoTime = nanoTime;
        this.giver = new Giver(table, holdings, known, moves, info.name());
        this.rollout = new Rollout(info.version());
        this.watch = new PeerWatch(settings.ttl());
    }

    /// How often this instance began a new life because it had lost one.
    long fences() {
        return fences.sum();
    }

    /// A round of an instance that has only just come: it watches, so that the time to live of the dead runs while it
    /// prepares, and is no one to whom ranges are given.
    void watch() {
        Incarnation me = member(true);
        if (look(me)) buryTheDead(me);
    }

    /// Between two rounds: looks at the heartbeats of a few.
    void glance() {
        Incarnation me = holdings.me();
        if (me == null) return;
        Set<Incarnation> neighbours = Circle.after(me, living, Circle.NEIGHBOURS).stream()
                .map(InstanceRow::incarnation)
                .collect(toSet());
        if (!neighbours.isEmpty()) watch.glance(table.heartbeats(neighbours), nanoTime.getAsLong());
    }

    /// A round of a serving instance.
    ///
    /// @return whether ranges have been claimed in this life: it serves
    boolean serve() {
        Incarnation me = member(false);
        if (left) table.stay(me);
        left = false;
        if (!look(me)) return false;
        buryTheDead(me);
        if (!claim(me)) return false;
        Set<Incarnation> alive = aliveOthers(me);
        Set<Incarnation> takers = moving(alive);
        fulfilWishes(alive); // before moves are given up: these rows still show their wishes
        moves.advance(takers);
        if (settings.ownership() instanceof Ownership.Leased leased && leased.evenly())
            giver.giveSurplus(me, rollout.partners(takers, nanoTime.getAsLong()));
        return claimed;
    }

    /// A round of an instance that is to own nothing. What nobody takes, it serves.
    ///
    /// @return whether it owns nothing that anybody could take
    boolean drain() {
        Incarnation me = member(true);
        if (!left) table.leave(me);
        left = true;
        if (!look(me)) return false;
        buryTheDead(me);
        Set<Incarnation> alive = aliveOthers(me);
        Set<Incarnation> takers = moving(alive);
        fulfilWishes(alive);
        moves.advance(takers);
        if (isStatic()) return true;
        if (!takers.isEmpty()) giver.giveAll(me, rollout.stayers(takers));
        return holdings.size() == 0;
    }

    /// A round of an instance that goes.
    ///
    /// @return whether everything has found another owner, or nobody is there to take it and nothing is pending
    boolean leave() {
        renewer.lost().ifPresent(this::fence);
        Incarnation me = holdings.me();
        if (me == null) return true;
        if (!left) table.leave(me);
        left = true;
        if (!look(me)) return true;
        Set<Incarnation> takers = moving(aliveOthers(me));
        moves.advance(takers);
        giver.giveAll(me, rollout.stayers(takers));
        return moves.nothingPending();
    }

    /// Ends the current life at once: nothing is answered from memory, nothing is written any more.
    void end(String cause) {
        renewer.end();
        holdings.locked(() -> {
            holdings.end(cause);
            return null;
        });
        moves.clear();
    }

    /// The end of an instance that goes: what is left becomes free. Memory first: the next owner may claim at once.
    void release() {
        if (holdings.me() != null) former = holdings.me();
        end("released");
        if (former != null) table.release(former);
        former = null;
    }

    /// The routing version that the last round saw. For any thread.
    long version() {
        return known.version();
    }

    /// Who was not dead in the last round. For any thread.
    List<InstanceRow> living() {
        return living;
    }

    /// Nanoseconds until a peer may be overdue; 0: there is more to claim.
    long nextDueNanos() {
        return unfinished ? 0 : watch.nextDueNanos(others(), nanoTime.getAsLong(), renewer.steadySince());
    }

    private void fence(String cause) {
        LOG.log(Level.WARNING, () -> "Self-fence of " + holdings.me() + ": " + cause);
        former = holdings.me();
        fences.increment();
        end("fenced");
        claimed = false;
    }

    /// @param idle if this is a new life, it is one to which nothing is given
    private Incarnation member(boolean idle) {
        renewer.lost().ifPresent(this::fence);
        Incarnation me = holdings.me();
        return me == null ? register(idle) : me;
    }

    private Incarnation register(boolean idle) {
        Incarnation me = idle ? table.join(info, former) : table.register(info, former);
        left = idle;
        former = null;
        watch = new PeerWatch(settings.ttl());
        holdings.locked(() -> {
            holdings.begin(me);
            return null;
        });
        renewer.begin(me);
        return me;
    }

    /// Reads who lives and who owns what.
    ///
    /// @return false: this life is over
    private boolean look(Incarnation me) {
        unfinished = false;
        living = table.instances();
        watch.observe(living, nanoTime.getAsLong());
        rollout.observe(living, nanoTime.getAsLong());
        // before the rows: those of a dead incarnation still name it, and would grant again what a reclaim ended
        if (living.stream().noneMatch(row -> row.incarnation().equals(me))) {
            fence("not among the living");
            return false;
        }
        boolean consistent = holdings.locked(() -> {
            known.readFrom(table);
            return holdings.reconcile(known.rows());
        });
        if (!consistent) fence("an epoch went backwards");
        return consistent;
    }

    private void buryTheDead(Incarnation me) {
        List<InstanceRow> overdue = watch.overdue(others(), nanoTime.getAsLong(), renewer.steadySince());
        for (InstanceRow row : overdue) {
            boolean declared = table.declareDead(me, row.incarnation(), row.heartbeat());
            if (declared)
                LOG.log(
                        Level.WARNING,
                        () -> "Declared dead: " + row.incarnation() + " "
                                + row.info().name());
        }
        if (!overdue.isEmpty()) living = table.instances();
    }

    /// @return false: this life is over
    private boolean claim(Incarnation me) {
        if (!trust.holds()) return true; // who does not renew claims nothing
        List<RangeRow> orphaned = known.orphaned(living);
        if (settings.ownership() instanceof Ownership.Static assigned)
            orphaned = assigned.ofName(info.name(), orphaned);
        if (claimed && orphaned.isEmpty()) return true;
        List<RangeRow> wanted = orphaned;
        ClaimResult result = holdings.locked(() -> {
            ClaimResult answer = claimSome(me, wanted);
            if (answer instanceof Granted granted) granted.leases().forEach(holdings::grant);
            if (!(answer instanceof Fenced)) known.readFrom(table);
            return answer;
        });
        unfinished = result instanceof Granted granted && granted.leases().size() >= CLAIMED_AT_ONCE;
        claimed |= !unfinished;
        switch (result) {
            case Granted ignored -> {}
            case Leaving ignored -> {}
            case Fenced fenced -> fence(fenced.cause());
        }
        return !(result instanceof Fenced);
    }

    private ClaimResult claimSome(Incarnation me, List<RangeRow> wanted) {
        if (isStatic())
            return table.claim(
                    me,
                    wanted.stream().map(RangeRow::range).limit(CLAIMED_AT_ONCE).collect(toSet()));
        int alive =
                (int) living.stream().filter(row -> row.state() == State.ALIVE).count();
        int share = FairShare.toClaim(known.size(), alive, holdings.size());
        return table.claim(me, Math.min(share, CLAIMED_AT_ONCE));
    }

    private void fulfilWishes(Set<Incarnation> alive) {
        if (isStatic()) giver.refuseWishes();
        else giver.fulfilWishes(alive);
    }

    private boolean isStatic() {
        return settings.ownership() instanceof Ownership.Static;
    }

    private List<InstanceRow> others() {
        return living.stream()
                .filter(row -> !row.incarnation().equals(holdings.me()))
                .toList();
    }

    private Set<Incarnation> aliveOthers(Incarnation me) {
        return living.stream()
                .filter(row -> row.state() == State.ALIVE && !row.incarnation().equals(me))
                .map(InstanceRow::incarnation)
                .collect(toSet());
    }

    /// Those that were seen at work lately, if ranges move at all. Nothing is offered to a heartbeat that stands still.
    private Set<Incarnation> moving(Set<Incarnation> alive) {
        if (isStatic()) return Set.of();
        long now = nanoTime.getAsLong();
        return alive.stream()
                .filter(peer -> watch.isMoving(peer, now, settings.gap()))
                .collect(toSet());
    }
}
