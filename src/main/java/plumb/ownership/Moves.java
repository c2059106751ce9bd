package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// Planned changes under way, of owners and of bounds: wished ──▶ draining ──▶ done | given up. Used by the keeper's
/// thread alone; a drain that completes elsewhere only signals it.
final class Moves {
    private static final Logger LOG = System.getLogger(Moves.class.getName());

    /// For a range whose move is in vain again and again, requests wait a fifth of the time at most.
    private static final int RESTS = 4;

    /// What happens once everything is drained.
    private sealed interface Aim {
        record To(Incarnation target) implements Aim {}

        record Split(long at) implements Aim {}

        record Merge() implements Aim {}

        /// Nobody is there to take it, only finish what is pending.
        record Nowhere() implements Aim {}
    }

    /// @param leases one, or the two to be merged, of which the first bears the wish
    /// @param inDoubt the change was sent and not answered
    private record Move(
            List<Lease> leases, Aim aim, long begunNanos, CompletableFuture<HandedAlong> drained, boolean inDoubt) {
        Lease first() {
            return leases.getFirst();
        }

        boolean isFor(Set<Incarnation> takers) {
            return !(aim instanceof Aim.To to) || takers.contains(to.target());
        }
    }

    private final LeaseTable table;
    private final Holdings holdings;
    private final Duration drainTimeout;
    private final Function<Incarnation, CompletionStage<Boolean>> answers;
    private final Runnable signal;
    private final LongSupplier nanoTime;
    private final Map<RangeId, Move> moves = new ConcurrentHashMap<>(); // concurrent for who counts them
    private final Map<RangeId, Long> restsUntilNanos = new HashMap<>();
    private final Pace pace = new Pace();

    Moves(
            LeaseTable table,
            Holdings holdings,
            Duration drainTimeout,
            Function<Incarnation, CompletionStage<Boolean>> answers,
            Runnable signal,
            LongSupplier nanoTime) {
        this.table = table;
        this.holdings = holdings;
        this.drainTimeout = drainTimeout;
        this.answers = answers;
        this.signal = signal;
        this.nanoTime = nanoTime;
    }

    /// Ranges that are being drained, or are.
    int inFlight() {
        return moves.size();
    }

    /// No further range is to be drained now.
    ///
    /// @param most however fast the database is
    boolean areEnough(int most) {
        return moves.size() >= pace.atOnce(most);
    }

    /// Does a change of the rows that ranges wait for.
    <T> T timed(Supplier<T> change) {
        long begun = nanoTime.getAsLong();
        try {
            return change.get();
        } finally {
            pace.took(nanoTime.getAsLong() - begun);
        }
    }

    boolean isMoving(RangeId range) {
        return moves.containsKey(range);
    }

    /// Its last drain was in vain, and not long ago.
    boolean isResting(RangeId range) {
        Long until = restsUntilNanos.get(range);
        if (until == null) return false;
        if (nanoTime.getAsLong() - until < 0) return true;
        restsUntilNanos.remove(range);
        return false;
    }

    /// Whether all that is left to do is to release: each lease that is still held is drained, and nobody is there to
    /// take it.
    boolean nothingPending() {
        return holdings.leases().stream().allMatch(lease -> {
            Move move = moves.get(lease.range());
            return move != null
                    && move.aim() instanceof Aim.Nowhere
                    && move.drained().isDone();
        });
    }

    /// Forgets every move; the leases are gone.
    void clear() {
        moves.clear();
    }

    /// The range is offered to that target: drain it.
    void handOver(Lease lease, Incarnation target) {
        begin(List.of(lease), new Aim.To(target));
    }

    /// Nobody takes the range: drain it nevertheless.
    void finish(Lease lease) {
        begin(List.of(lease), new Aim.Nowhere());
    }

    /// The range is wished to be split there.
    void split(Lease lease, long at) {
        begin(List.of(lease), new Aim.Split(at));
    }

    /// The first is wished to be merged with the next.
    void merge(Lease first, Lease next) {
        begin(List.of(first, next), new Aim.Merge());
    }

    private void begin(List<Lease> leases, Aim aim) {
        holdings.locked(() -> {
            if (leases.stream().allMatch(lease -> holdings.holds(lease) && !isMoving(lease.range()))) {
                CompletableFuture<HandedAlong> drained = CompletableFuture.completedFuture(HandedAlong.NOTHING);
                for (Lease lease : leases) drained = drained.thenCombine(holdings.drain(lease), HandedAlong::and);
                if (aim instanceof Aim.To to) drained = onlyIfItAnswers(to.target(), drained);
                var move = new Move(leases, aim, nanoTime.getAsLong(), drained, false);
                leases.forEach(lease -> moves.put(lease.range(), move));
                drained.whenComplete((done, failure) -> signal.run());
            }
            return null;
        });
    }

    /// A target may renew, and yet be out of its peers' reach. It is asked while the range is drained, so that nobody
    /// waits for its answer; who does not answer ends the drain at once.
    private CompletableFuture<HandedAlong> onlyIfItAnswers(Incarnation target, CompletableFuture<HandedAlong> drained) {
        var there = answers.apply(target).toCompletableFuture().thenAccept(yes -> {
            if (!yes) throw new IllegalStateException("the target does not answer");
        });
        there.exceptionally(failure -> {
            drained.completeExceptionally(failure);
            return null;
        });
        return drained.thenCombine(there, (along, answered) -> along);
    }

    /// Takes every move as far as it goes now. Who fell silent gets nothing: else its ranges would rest until it is
    /// declared dead.
    ///
    /// @param takers the targets that were seen at work lately
    /// @throws LeaseTableException if the database did not answer; what is not finished goes on next time
    void advance(Set<Incarnation> takers) {
        for (Move move : new LinkedHashSet<>(moves.values())) advance(move, takers);
    }

    private void advance(Move move, Set<Incarnation> takers) {
        if (move.leases().stream().noneMatch(holdings::holds)) {
            forget(move);
        } else if (!move.leases().stream().allMatch(holdings::holds)) {
            giveUp(move, "a part of it was lost");
        } else if (move.inDoubt()) {
            giveUp(move, "no answer to the change");
        } else if (!move.isFor(takers)) {
            giveUp(move, "the target fell silent");
        } else if (move.drained().isCompletedExceptionally()) {
            rest(move, "the drain failed: " + move.drained().exceptionNow().getMessage());
        } else if (move.drained().isDone()) {
            if (!(move.aim() instanceof Aim.Nowhere)) change(move);
        } else if (nanoTime.getAsLong() - move.begunNanos() >= drainTimeout.toNanos()) {
            rest(move, "the drain took too long");
        }
    }

    private void change(Move move) {
        try {
            boolean done = timed(() -> holdings.locked(() -> changed(move)));
            if (!done) giveUp(move, "the change was refused");
            if (done) forget(move);
        } catch (LeaseTableException e) {
            var doubted = new Move(move.leases(), move.aim(), move.begunNanos(), move.drained(), true);
            move.leases().forEach(lease -> moves.put(lease.range(), doubted));
            throw e;
        }
    }

    /// One transaction, and its consequence here.
    private boolean changed(Move move) {
        if (!move.leases().stream().allMatch(holdings::holds)) return true;
        Lease first = move.first();
        HandedAlong along = move.drained().join();
        return switch (move.aim()) {
            case Aim.To to -> replaced(move, "handed-over", flipped(first, to.target(), along), List.of());
            case Aim.Split split -> {
                List<Lease> halves = table.split(first.tenure(), split.at(), along);
                yield replaced(move, "split", !halves.isEmpty(), halves);
            }
            case Aim.Merge merge -> {
                Tenure next = move.leases().getLast().tenure();
                List<Lease> merged =
                        table.merge(first.tenure(), next, along).stream().toList();
                yield replaced(move, "merged", !merged.isEmpty(), merged);
            }
            case Aim.Nowhere nowhere -> false;
        };
    }

    private boolean flipped(Lease lease, Incarnation target, HandedAlong along) {
        return table.handOver(lease.tenure(), target, along).isPresent();
    }

    private boolean replaced(Move move, String cause, boolean done, List<Lease> by) {
        if (!done) return false;
        move.leases().forEach(lease -> holdings.lose(lease, cause));
        by.forEach(lease -> holdings.grant(lease, true));
        return true;
    }

    private void forget(Move move) {
        move.leases().forEach(lease -> moves.remove(lease.range(), move));
    }

    private void rest(Move move, String why) {
        long now = nanoTime.getAsLong();
        long until = now + Math.min(drainTimeout.toNanos(), RESTS * (now - move.begunNanos()));
        move.leases().forEach(lease -> restsUntilNanos.put(lease.range(), until));
        giveUp(move, why);
    }

    /// Cancels first: from then on a change that is still on its way finds no wish, so what the rows say afterwards
    /// stays true. Serves on only what stands in the rows.
    private void giveUp(Move move, String why) {
        Lease first = move.first();
        if (!(move.aim() instanceof Aim.Nowhere)) table.cancelWish(first.range(), first.epoch());
        for (Lease lease : move.leases()) {
            boolean stands = holdings.locked(() -> stands(lease));
            LOG.log(
                    Level.WARNING,
                    () -> "Range " + lease.range() + " epoch " + lease.epoch()
                            + (stands ? " was not changed and stays: " : " was changed: ") + why);
        }
        forget(move);
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
