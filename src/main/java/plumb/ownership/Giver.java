package plumb.ownership;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;

/// Decides which ranges to give away and begins those moves. Used by the keeper's thread alone.
final class Giver {
    /// So many ranges may wait for their drains at once.
    private static final int SURPLUS_AT_ONCE = 8;

    private static final int MOST_AT_ONCE = 16;

    private final LeaseTable table;
    private final Holdings holdings;
    private final KnownRanges known;
    private final Moves moves;
    private final String name;

    /// @param name of this instance, for people
    Giver(LeaseTable table, Holdings holdings, KnownRanges known, Moves moves, String name) {
        this.table = table;
        this.holdings = holdings;
        this.known = known;
        this.moves = moves;
        this.name = name;
    }

    /// Fulfils what is wished in the rows: by a planner, by a person, or an own offer whose answer was lost. What
    /// cannot be is cancelled, and what is too much at once waits for a later round.
    void fulfilWishes(Set<Incarnation> alive) {
        for (RangeRow row : List.copyOf(known.rows())) {
            Lease lease = holdings.lease(row.range());
            if (lease == null || !row.isWished() || !lease.epoch().equals(row.epoch())) continue;
            if (moves.isMoving(row.range()) || moves.areEnough(MOST_AT_ONCE)) continue;
            if (moves.isResting(row.range()) || !begins(row, lease, alive)) table.cancelWish(row.range(), row.epoch());
        }
    }

    /// Takes back what is wished of ranges that are held here: they are assigned, and stay as they are.
    void refuseWishes() {
        for (RangeRow row : known.rows())
            if (row.isWished() && holdings.lease(row.range()) != null) table.cancelWish(row.range(), row.epoch());
    }

    private boolean begins(RangeRow row, Lease lease, Set<Incarnation> alive) {
        if (row.target() != null) {
            if (!alive.contains(row.target())) return false;
            moves.handOver(lease, row.target());
        } else if (row.splitAt() != null) {
            moves.split(lease, row.splitAt());
        } else {
            Lease next = next(lease);
            if (next == null) return false;
            moves.merge(lease, next);
        }
        return true;
    }

    /// The neighbour above, if it is held here and nothing else happens to it.
    private @Nullable Lease next(Lease lease) {
        return holdings.leases().stream()
                .filter(other -> other.domain().equals(lease.domain())
                        && other.keys().lo() == lease.keys().hi())
                .filter(other -> !moves.isMoving(other.range()) && !moves.isResting(other.range()))
                .findFirst()
                .orElse(null);
    }

    /// Gives what `me` has above its fair share to those below theirs.
    void giveSurplus(Incarnation me, Set<Incarnation> takers) {
        var participants = new HashSet<>(takers);
        participants.add(me);
        var why = new Decision(name, "it has more ranges than others");
        give(FairShare.surplus(me, known.counts(participants)), me, participants, SURPLUS_AT_ONCE, false, why);
    }

    /// Gives everything away. Where nobody is there to take it, what is pending is finished at least.
    void giveAll(Incarnation me, Set<Incarnation> takers) {
        if (takers.isEmpty()) {
            holdings.leases().forEach(moves::finish);
        } else {
            int rest = holdings.size() - moves.inFlight();
            var why = new Decision(name, "it is leaving");
            give(FairShare.spread(rest, known.counts(takers)), me, takers, MOST_AT_ONCE, true, why);
        }
    }

    private void give(
            List<Incarnation> to,
            Incarnation me,
            Set<Incarnation> participants,
            int atOnce,
            boolean pinnedToo,
            Decision why) {
        for (Incarnation target : to) {
            if (moves.areEnough(atOnce)) return;
            Lease lease = choose(me, target, participants, pinnedToo);
            if (lease == null) return;
            // refused: somebody else was faster, and the next read shows it
            if (!moves.timed(() -> table.wish(lease.range(), lease.epoch(), new Wish.Move(target), why))) return;
            moves.handOver(lease, target);
        }
    }

    /// A range of the domain of which `me` has most ahead of the target, so that each domain is spread, not only their
    /// sum.
    private @Nullable Lease choose(
            Incarnation me, Incarnation target, Set<Incarnation> participants, boolean pinnedToo) {
        Map<String, Integer> mine = known.domains(me, participants);
        Map<String, Integer> theirs = known.domains(target, participants);
        Lease best = null;
        int bestLead = Integer.MIN_VALUE;
        for (Lease lease : holdings.leases()) {
            if (moves.isMoving(lease.range()) || moves.isResting(lease.range())) continue;
            if (!pinnedToo && isPinned(lease)) continue;
            int lead = mine.getOrDefault(lease.domain(), 0) - theirs.getOrDefault(lease.domain(), 0);
            if (lead <= bestLead) continue;
            best = lease;
            bestLead = lead;
        }
        return best;
    }

    private boolean isPinned(Lease lease) {
        RangeRow row = known.row(lease.range());
        return row != null && row.pinned();
    }
}
