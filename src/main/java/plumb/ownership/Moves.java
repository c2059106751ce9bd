package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// Planned moves under way: offered ──▶ draining ──▶ handed over | given up. Used by the keeper's thread alone; a drain
/// that completes elsewhere only signals it.
final class Moves {
    private static final Logger LOG = System.getLogger(Moves.class.getName());

    /// @param target null: nobody is there to take it, only finish what is pending
    /// @param inDoubt the hand-over was sent and not answered
    private record Move(
            Lease lease,
            @Nullable Incarnation target,
            long begunNanos,
            CompletableFuture<HandedAlong> drained,
            boolean inDoubt) {}

    private final LeaseTable table;
    private final Holdings holdings;
    private final Duration drainTimeout;
    private final Runnable signal;
    private final LongSupplier nanoTime;
    private final Map<RangeId, Move> moves = new ConcurrentHashMap<>(); // concurrent for who counts them
    private final Map<RangeId, Long> triedNanos = new HashMap<>();

    Moves(LeaseTable table, Holdings holdings, Duration drainTimeout, Runnable signal, LongSupplier nanoTime) {
        this.table = table;
        this.holdings = holdings;
        this.drainTimeout = drainTimeout;
        this.signal = signal;
        this.nanoTime = nanoTime;
    }

    int inFlight() {
        return moves.size();
    }

    boolean isMoving(RangeId range) {
        return moves.containsKey(range);
    }

    /// Its last drain took too long, and not long ago.
    boolean isResting(RangeId range) {
        Long tried = triedNanos.get(range);
        if (tried == null) return false;
        if (nanoTime.getAsLong() - tried < drainTimeout.toNanos()) return true;
        triedNanos.remove(range);
        return false;
    }

    /// Whether all that is left to do is to release: each lease that is still held is drained, and nobody is there to
    /// take it.
    boolean nothingPending() {
        return holdings.leases().stream().allMatch(lease -> {
            Move move = moves.get(lease.range());
            return move != null && move.target() == null && move.drained().isDone();
        });
    }

    /// Forgets every move; the leases are gone.
    void clear() {
        moves.clear();
    }

    /// The range is offered to that target (or there is none): drain it.
    void begin(Lease lease, @Nullable Incarnation target) {
        holdings.locked(() -> {
            if (holdings.holds(lease) && !isMoving(lease.range())) {
                CompletableFuture<HandedAlong> drained = holdings.drain(lease);
                moves.put(lease.range(), new Move(lease, target, nanoTime.getAsLong(), drained, false));
                drained.whenComplete((done, failure) -> signal.run());
            }
            return null;
        });
    }

    /// Takes every move as far as it goes now. Who fell silent gets nothing: else its ranges would rest until it is
    /// declared dead.
    ///
    /// @param takers the targets that were seen at work lately
    /// @throws LeaseTableException if the database did not answer; what is not finished goes on next time
    void advance(Set<Incarnation> takers) {
        for (Move move : List.copyOf(moves.values())) advance(move, takers);
    }

    private void advance(Move move, Set<Incarnation> takers) {
        if (!holdings.holds(move.lease())) {
            moves.remove(move.lease().range());
        } else if (move.inDoubt()) {
            giveUp(move, "no answer to the hand-over");
        } else if (move.target() != null && !takers.contains(move.target())) {
            giveUp(move, "the target fell silent");
        } else if (move.drained().isCompletedExceptionally()) {
            rest(move, "the drain failed");
        } else if (move.drained().isDone()) {
            if (move.target() != null)
                handOver(move, move.target(), move.drained().join());
        } else if (nanoTime.getAsLong() - move.begunNanos() >= drainTimeout.toNanos()) {
            rest(move, "the drain took too long");
        }
    }

    private void handOver(Move move, Incarnation target, HandedAlong along) {
        Lease lease = move.lease();
        try {
            boolean done = holdings.locked(() -> flip(lease, target, along));
            if (!done) giveUp(move, "the hand-over was refused");
            if (done) moves.remove(lease.range());
        } catch (LeaseTableException e) {
            moves.computeIfPresent(
                    lease.range(), (id, same) -> new Move(lease, target, move.begunNanos(), move.drained(), true));
            throw e;
        }
    }

    private boolean flip(Lease lease, Incarnation target, HandedAlong along) {
        if (!holdings.holds(lease)) return true;
        Epoch epoch = table.handOver(lease.tenure(), target, along).orElse(null);
        if (epoch == null) return false;
        holdings.lose(lease, "handed-over");
        return true;
    }

    private void rest(Move move, String why) {
        triedNanos.put(move.lease().range(), nanoTime.getAsLong());
        giveUp(move, why);
    }

    /// Cancels first: from then on a hand-over that is still on its way finds no offer, so what the row says afterwards
    /// stays true. Serves on only if the lease stands in the row.
    private void giveUp(Move move, String why) {
        Lease lease = move.lease();
        if (move.target() != null) table.cancelOffer(lease.range(), lease.epoch());
        boolean stands = holdings.locked(() -> stands(lease));
        moves.remove(lease.range());
        LOG.log(
                Level.WARNING,
                () -> "Range " + lease.range() + " epoch " + lease.epoch()
                        + (stands ? " was not moved and stays: " : " was moved: ") + why);
    }

    private boolean stands(Lease lease) {
        if (!holdings.holds(lease)) return false;
        RangeRow row = table.rangesSince(0).ranges().stream()
                .filter(one -> one.range().equals(lease.range()))
                .findFirst()
                .orElse(null);
        boolean stands = row != null
                && row.epoch().equals(lease.epoch())
                && lease.owner().equals(row.owner());
        if (stands) holdings.undrain(lease);
        if (!stands) holdings.lose(lease, "taken");
        return stands;
    }
}
