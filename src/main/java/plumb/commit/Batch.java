package plumb.commit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.commit.CommitResult.Ambiguous;
import plumb.commit.CommitResult.Committed;
import plumb.commit.CommitResult.Failed;
import plumb.commit.CommitResult.NotApplied;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.CommitResult.Refused;
import plumb.commit.FencedStore.Attempt;
import plumb.keyspace.Tenure;

/// The rules of a batch that fails. Units are never split: a unit is a turn, and a turn is all or nothing.
///
/// Bad data: halved by units, down to the one that is bad. Rolled back for no fault of its own: tried again. In doubt:
/// never halved, never repeated; settled. Each part of a halved batch is a transaction of its own and has an outcome of
/// its own: what befalls one part changes nothing that another was told.
final class Batch {
    private static final Logger LOG = System.getLogger(Batch.class.getName());
    private static final CommitResult COMMITTED = new Committed();
    private static final CommitResult REFUSED = new Refused();
    private static final CommitResult NOTHING_WRITTEN = new NotApplied("the connection was lost; nothing was written");

    private final FencedStore store;
    private final Doubt doubt;
    private final int maxTries;
    private final BooleanSupplier pause;
    private final LaneStats stats;

    /// @param pause waits between tries; false: give up
    Batch(FencedStore store, Doubt doubt, int maxTries, BooleanSupplier pause, LaneStats stats) {
        this.store = store;
        this.doubt = doubt;
        this.maxTries = maxTries;
        this.pause = pause;
        this.stats = stats;
    }

    /// One result per unit, in their order. Blocks.
    List<CommitResult> commit(List<Unit> units) {
        for (int tries = 1; ; tries++) {
            switch (attempt(units)) {
                case Attempt.Applied applied -> {
                    return applied(units, applied.refused());
                }
                case Attempt.BadData bad -> {
                    return units.size() == 1 ? failed(bad) : halved(units);
                }
                case Attempt.InDoubt inDoubt -> {
                    return settled(units, inDoubt.refused(), inDoubt.xid());
                }
                case Attempt.TryAgain again -> {
                    if (tries == maxTries || !pause.getAsBoolean()) {
                        CommitResult notApplied = new NotApplied(again.detail());
                        return results(units, unit -> notApplied);
                    }
                }
                case null -> {
                    return unknown(units);
                }
            }
        }
    }

    /// Null: the store threw, which is a bug, or there is no memory left; its transaction may be anywhere.
    private @Nullable Attempt attempt(List<Unit> units) {
        try {
            return store.commit(units);
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "the store failed", e);
            return null;
        }
    }

    private List<CommitResult> applied(List<Unit> units, Set<Tenure> refused) {
        List<Unit> writing = units.stream().filter(Unit::writesSomething).toList();
        int refusedUnits = (int)
                writing.stream().filter(unit -> refused.contains(unit.tenure())).count();
        if (!writing.isEmpty()) stats.committed(writing.size(), refusedUnits);
        return results(units, unit -> refused.contains(unit.tenure()) ? REFUSED : COMMITTED);
    }

    private List<CommitResult> failed(Attempt.BadData bad) {
        stats.failedUnit();
        return List.of(new Failed(bad.sqlState(), bad.detail()));
    }

    private List<CommitResult> halved(List<Unit> units) {
        int middle = units.size() / 2;
        var results = new ArrayList<>(commit(units.subList(0, middle)));
        results.addAll(commit(units.subList(middle, units.size())));
        return results;
    }

    /// Whatever became of the transaction, it holds nothing of the refused, nor of those that wrote nothing.
    private List<CommitResult> settled(List<Unit> units, Set<Tenure> refused, @Nullable String xid) {
        Set<Tenure> doubtful = writing(units);
        doubtful.removeAll(refused);
        CommitResult rest = doubtful.isEmpty() ? NOTHING_WRITTEN : new Ambiguous(settle(doubtful, xid));
        return results(units, unit -> refused.contains(unit.tenure()) ? REFUSED : rest);
    }

    /// The tenures have to end here, too; but without a transaction to ask for, what the doubt says means nothing.
    private List<CommitResult> unknown(List<Unit> units) {
        Set<Tenure> doubtful = writing(units);
        if (doubtful.isEmpty()) return results(units, unit -> NOTHING_WRITTEN);
        settle(doubtful, null);
        CommitResult unknown = new Ambiguous(Outcome.UNKNOWN);
        return results(units, unit -> unknown);
    }

    private Outcome settle(Set<Tenure> tenures, @Nullable String xid) {
        stats.inDoubt();
        try {
            return doubt.settle(tenures, xid);
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "a doubt stays", e);
            return Outcome.UNKNOWN;
        }
    }

    private static Set<Tenure> writing(List<Unit> units) {
        return units.stream()
                .filter(Unit::writesSomething)
                .map(Unit::tenure)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static List<CommitResult> results(List<Unit> units, Function<Unit, CommitResult> result) {
        return units.stream().map(result).toList();
    }
}
