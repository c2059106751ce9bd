package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;

/// Keeps this instance's leases: registers it, renews it, declares dead peers, claims its fair share of ranges, gives
/// away its surplus, and begins a new life when the database says that this one is over.
///
/// Two daemon platform threads: one renews and does nothing else, the other does the rest. Both begin with [#start()]
/// and end with [#stop()].
public final class LeaseKeeper {
    private static final Logger LOG = System.getLogger(LeaseKeeper.class.getName());

    private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final int STATEMENTS_OF_A_ROUND = 10;

    /// How far this instance is.
    public enum State {
        /// Has not claimed yet.
        STARTING,
        /// Holds what it could get, renews, claims and gives.
        SERVING,
        /// Gives everything away, or has: forwards only.
        LEAVING,
        /// Holds nothing and never will again.
        STOPPED
    }

    private final KeeperSettings settings;
    private final Holdings holdings;
    private final Reclaim reclaim;
    private final Renewer renewer;
    private final Moves moves;
    private final Rounds rounds;
    private final Loop keeping;
    private final Loop renewing;
    private final LongSupplier nanoTime;
    private final CountDownLatch member = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile @Nullable CompletableFuture<Void> draining; // written under this
    private volatile boolean opened;
    private volatile boolean asked; // for a round before its time
    private volatile boolean leaving;
    private volatile boolean stopped;
    private volatile long leaveByNanos;
    private volatile long lastTickNanos;
    private long nextRoundNanos; // of the keeper's thread

    /// @param heartbeat used by the renewal thread alone, and closed by it
    /// @param routingVersion gets the version that each renewal brings, on the renewal thread; must not block
    /// @param answers asks a peer, past the database, whether it is there; called before a range is handed over
    ///     to it; must not block
    /// @param nanoTime the monotonic clock
    public LeaseKeeper(
            InstanceInfo info,
            KeeperSettings settings,
            LeaseTable table,
            Heartbeat heartbeat,
            Trust trust,
            OwnershipListener listener,
            LongConsumer routingVersion,
            Function<Incarnation, CompletionStage<Boolean>> answers,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.lastTickNanos = nanoTime.getAsLong();
        this.nextRoundNanos = lastTickNanos;
        this.holdings = new Holdings(listener);
        this.reclaim = new Reclaim(table, holdings);
        this.moves = new Moves(table, holdings, settings.drainTimeout(), answers, this::signal, nanoTime);
        LongConsumer versions = version -> {
            routingVersion.accept(version);
            seen(version);
        };
        this.renewer = new Renewer(settings, heartbeat, trust, versions, this::signal, nanoTime);
        this.rounds = new Rounds(info, settings, table, renewer, trust, holdings, moves, nanoTime);
        this.renewing = new Loop("plumb-renewal", renewer::step, heartbeat::close);
        this.keeping = new Loop("plumb-keeper", this::tick, () -> {});
    }

    /// Starts both threads. This instance is a member as soon as the database answers, and watches the others; it
    /// claims nothing and is given nothing before it is opened.
    public void start() {
        renewing.start();
        keeping.start();
    }

    /// Blocks until it is registered or the time is over.
    ///
    /// @return whether it is
    /// @throws InterruptedException if the caller was interrupted meanwhile
    public boolean awaitMember(Duration atMost) throws InterruptedException {
        return member.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Claims from now on. Does not block.
    public void open() {
        opened = true;
        signal();
    }

    /// Blocks until the first claim is done or the time is over.
    ///
    /// @return whether it is done
    /// @throws InterruptedException if the caller was interrupted meanwhile
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return ready.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Something may have changed (the routing table did): look soon. Does not block.
    public void signal() {
        asked = true;
        keeping.signal();
    }

    /// Ends these tenures because a commit under them got no answer: raises the epochs of those that this instance
    /// still has, tells the listener that the old leases are lost and the new ones granted. Blocks for the database;
    /// callable from any thread.
    ///
    /// @return whether nothing can be committed any more under any of the tenures; false only if this instance was
    ///     declared dead meanwhile and nobody has claimed the range yet: try again
    /// @throws LeaseTableException if the database did not answer: try again
    public boolean reclaim(Set<Tenure> tenures) {
        return reclaim.reclaim(tenures);
    }

    /// Gives every range to live peers, one after the other, and takes no more until [#undrain]; stays a member, so
    /// that the instance goes on forwarding. Where nobody takes a range it is kept and served. Does not block; draining
    /// again gives the same future.
    ///
    /// @return completes when nothing is held, or nobody ever takes what is ([Ownership.Static]); cancelled by an
    /// undrain
    public synchronized CompletableFuture<Void> drain() {
        CompletableFuture<Void> known = draining;
        CompletableFuture<Void> drained = known == null ? new CompletableFuture<>() : known;
        draining = drained;
        signal();
        return drained.copy();
    }

    /// Serves again, and gets its share again as any newcomer does. Does not block.
    public synchronized void undrain() {
        CompletableFuture<Void> drained = draining;
        draining = null;
        if (drained != null) drained.cancel(false);
        signal();
    }

    /// Leaves: drains every range to a live peer, for at most the drain time-out, then releases what is left, and ends
    /// both threads. Blocks; a second call does nothing.
    public void stop() {
        if (stopped) return;
        beginToLeave();
        signal();
        Duration patience = settings.statementTimeout().multipliedBy(STATEMENTS_OF_A_ROUND);
        try {
            boolean ended = keeping.join(settings.drainTimeout().plus(patience));
            if (!ended) LOG.log(Level.ERROR, "The keeper did not end in time; peers take over after the TTL");
            renewing.end();
            ended = renewing.join(patience);
            if (!ended) LOG.log(Level.WARNING, "The renewal thread did not end in time");
        } catch (InterruptedException e) {
            keeping.end();
            renewing.end();
            Thread.currentThread().interrupt();
        }
        rounds.end("released");
        stopped = true;
    }

    public State state() {
        if (stopped) return State.STOPPED;
        if (leaving || draining != null) return State.LEAVING;
        return ready.getCount() == 0 ? State.SERVING : State.STARTING;
    }

    /// Empty: not registered yet, or between two lives.
    public Optional<Incarnation> incarnation() {
        return Optional.ofNullable(holdings.me());
    }

    /// Every incarnation that was not DEAD when this one looked last, itself included.
    public List<InstanceRow> living() {
        return rounds.living();
    }

    /// What this instance holds now, in order of range ids.
    public List<Lease> leases() {
        return holdings.leases();
    }

    public KeeperStats stats() {
        return new KeeperStats(
                lastTickNanos,
                renewer.succeeded(),
                renewer.failed(),
                renewer.latency(),
                rounds.fences(),
                moves.inFlight(),
                holdings.lostByCause());
    }

    /// One round, or a glance if it is not time for one; on the keeper's thread alone.
    ///
    /// @return nanoseconds until the next at the latest, or [Loop#DONE]
    long tick() {
        lastTickNanos = nanoTime.getAsLong();
        if (!asked && !leaving && lastTickNanos - nextRoundNanos < 0) {
            glance();
        } else {
            asked = false;
            long delay = round();
            if (delay == Loop.DONE) return delay;
            nextRoundNanos = nanoTime.getAsLong() + delay;
        }
        return Math.clamp(nextRoundNanos - nanoTime.getAsLong(), SHORTEST_PAUSE_NANOS, glanceNanos());
    }

    private void glance() {
        try {
            rounds.glance();
        } catch (LeaseTableException e) {
            LOG.log(Level.DEBUG, "No answer to a glance; the next round looks again", e);
        }
    }

    private long round() {
        Incarnation before = holdings.me();
        try {
            if (leaving) return leave() ? Loop.DONE : glanceNanos();
            CompletableFuture<Void> drained = draining;
            if (drained != null && rounds.drain()) drained.complete(null);
            if (drained == null && opened && rounds.serve()) ready.countDown();
            if (drained == null && !opened) rounds.watch();
            if (holdings.me() != null) member.countDown();
            if (!Objects.equals(before, holdings.me())) renewing.signal();
            return Math.clamp(rounds.nextDueNanos(), SHORTEST_PAUSE_NANOS, periodNanos());
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "The lease table did not answer; the next round looks again: " + e);
            return periodNanos();
        }
    }

    /// The one renewal that the renewal thread repeats.
    long renew() {
        return renewer.step();
    }

    private boolean leave() {
        boolean timeIsOver = nanoTime.getAsLong() - leaveByNanos >= 0;
        if (!timeIsOver && !rounds.leave()) return false;
        try {
            rounds.release();
            return true;
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "No answer to the release; else peers take over after the TTL: " + e);
            return timeIsOver;
        }
    }

    /// Twice per renewal.
    private long periodNanos() {
        return settings.renew().toNanos() / 2;
    }

    /// A neighbour's last heartbeat is first seen at most that late, and so much later is it declared dead.
    private long glanceNanos() {
        return settings.renew().toNanos() / 8;
    }

    private void seen(long version) {
        if (version != rounds.version()) signal();
    }

    void beginToLeave() {
        leaveByNanos = nanoTime.getAsLong() + settings.drainTimeout().toNanos();
        leaving = true;
    }
}
