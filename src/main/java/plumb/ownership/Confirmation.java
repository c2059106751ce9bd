package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;

/// Finds out that a peer's process has ended long before its time to live is over, and proves it.
///
/// The hint: a hop, or a look at the neighbours now and then, was refused. The proof, in this order: the heartbeat is
/// noted; then two connections are refused at an address that has answered as that incarnation before; then, in one
/// compare-and-set on the noted heartbeat, the database has no session of that incarnation. A process that is only cut
/// off from the database *and* refuses its peers can be taken for dead by this: its writes are fenced like any other's,
/// its answers from memory may go on until its local deadline. A daemon platform thread of its own, because a probe
/// blocks.
///
/// An address where this instance itself answers is as good as one that refuses: whoever was there before it is not
/// there any more. So who is killed and started again need not wait for its former life, also if nobody else is there.
public final class Confirmation implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Confirmation.class.getName());

    /// Often enough for "about a second" where no request gives a hint; cheap enough to do all the time.
    private static final Duration PERIOD = Duration.ofMillis(300);

    /// The database takes a moment to notice that a client's process is gone. Doubled with each look in vain: who
    /// drains refuses connections, too, and has sessions for long.
    private static final Duration AGAIN = Duration.ofMillis(20);

    /// After the heartbeat was noted.
    private static final int REFUSALS = 2;

    private final LeaseTable table;
    private final PeerProbe probe;
    private final Trust trust;
    private final Supplier<Optional<Incarnation>> me;
    private final Supplier<List<InstanceRow>> living;
    private final Runnable dead;
    private final Loop loop;
    private final Set<Incarnation> suspects = ConcurrentHashMap.newKeySet();
    private final Set<Incarnation> met = new HashSet<>(); // of the loop's thread
    private long againNanos = AGAIN.toNanos(); // of the loop's thread
    private final LongAdder confirmed = new LongAdder();

    /// @param living who is not dead, as of the keeper's last look
    /// @param dead told after each death that was confirmed
    public Confirmation(
            LeaseTable table,
            PeerProbe probe,
            Trust trust,
            Supplier<Optional<Incarnation>> me,
            Supplier<List<InstanceRow>> living,
            Runnable dead) {
        this.table = table;
        this.probe = probe;
        this.trust = trust;
        this.me = me;
        this.living = living;
        this.dead = dead;
        this.loop = new Loop("plumb-confirmation", this::look, () -> {});
    }

    public void start() {
        loop.start();
    }

    /// It refused a connection. Does not block.
    public void suspect(Incarnation peer) {
        if (suspects.add(peer)) loop.signal();
    }

    /// Deaths that this instance confirmed.
    public long confirmed() {
        return confirmed.sum();
    }

    /// Ends the thread after the probe that runs. Does not block.
    @Override
    public void close() {
        loop.end();
    }

    /// One look at the suspects and the neighbours; on the loop's thread alone.
    ///
    /// @return nanoseconds until the next
    long look() {
        var hinted = Set.copyOf(suspects);
        suspects.removeAll(hinted);
        Incarnation self = me.get().orElse(null);
        if (self == null) return PERIOD.toNanos();
        List<InstanceRow> peers = living.get();
        met.retainAll(peers.stream().map(InstanceRow::incarnation).toList());
        boolean open = false;
        InstanceRow own = own(self, peers);
        for (InstanceRow peer : toLookAt(self, peers, hinted))
            if (own == null || !isAt(own, peer)) open |= examine(self, peer);
        for (InstanceRow former : peers)
            if (own != null && !former.incarnation().equals(self) && isAt(own, former))
                open |= !isOver(self, former.incarnation(), noted -> probe.answersAs(own));
        long next = open ? againNanos : PERIOD.toNanos();
        againNanos = open ? Math.min(2 * againNanos, PERIOD.toNanos()) : AGAIN.toNanos();
        return next;
    }

    /// The suspects first.
    private static Set<InstanceRow> toLookAt(Incarnation self, List<InstanceRow> peers, Set<Incarnation> hinted) {
        var chosen = new LinkedHashSet<InstanceRow>();
        for (InstanceRow peer : Circle.after(self, peers, peers.size()))
            if (hinted.contains(peer.incarnation())) chosen.add(peer);
        chosen.addAll(Circle.after(self, peers, Circle.NEIGHBOURS));
        return chosen;
    }

    /// True: it refuses connections, and is not proven dead yet.
    private boolean examine(Incarnation self, InstanceRow peer) {
        if (!met.contains(peer.incarnation())) {
            if (probe.answersAs(peer)) met.add(peer.incarnation());
            return false;
        }
        return probe.refuses(peer) && !isOver(self, peer.incarnation(), this::refusesAgainAndAgain);
    }

    private static @Nullable InstanceRow own(Incarnation self, List<InstanceRow> peers) {
        return peers.stream()
                .filter(row -> row.incarnation().equals(self))
                .findFirst()
                .orElse(null);
    }

    private static boolean isAt(InstanceRow own, InstanceRow peer) {
        return own.info().url().equals(peer.info().url());
    }

    private boolean refusesAgainAndAgain(InstanceRow peer) {
        for (int i = 0; i < REFUSALS; i++) if (!probe.refuses(peer)) return false;
        return true;
    }

    /// @param gone from its address; asked after the heartbeat was noted
    /// @return false: not proven
    private boolean isOver(Incarnation self, Incarnation peer, Predicate<InstanceRow> gone) {
        try {
            InstanceRow noted = table.instance(peer).orElse(null);
            if (noted == null || noted.state() == InstanceRow.State.DEAD) return true;
            if (!gone.test(noted) || !trust.holds()) return false;
            if (!table.confirmDead(self, peer, noted.heartbeat())) return false;
            confirmed.increment();
            LOG.log(
                    Level.WARNING,
                    () -> "Confirmed dead: " + peer + " " + noted.info().name()
                            + ", is not at its address and has no database session");
            dead.run();
            return true;
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "The death of " + peer + " cannot be confirmed yet: " + e.getMessage());
            return false;
        }
    }
}
