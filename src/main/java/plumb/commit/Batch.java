package plumb.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import plumb.commit.CommitResult.Ambiguous;
import plumb.commit.CommitResult.Committed;
import plumb.commit.CommitResult.Failed;
import plumb.commit.CommitResult.NotApplied;
import plumb.commit.CommitResult.Refused;
import plumb.commit.FencedStore.Attempt;
import plumb.keyspace.Tenure;

/// The rules of a batch that fails. Units are never split: a unit is a turn, and a turn is all or nothing.
///
/// Bad data: halved by units, down to the one that is bad. Rolled back for no fault of its own: tried again. In doubt:
/// never
/// halved, never repeated; settled.
final class Batch {
    private static final CommitResult COMMITTED = new Committed();
    private static final CommitResult REFUSED = new Refused();

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
            switch (store.commit(units)) {
                case Attempt.Applied applied -> {
                    return applied(units, applied.refused());
                }
                case Attempt.BadData bad -> {
                    return units.size() == 1 ? failed(bad) : halved(units);
                }
                case Attempt.InDoubt inDoubt -> {
                    stats.inDoubt();
                    Set<Tenure> tenures = units.stream().map(Unit::tenure).collect(Collectors.toSet());
                    return all(units, new Ambiguous(doubt.settle(tenures, inDoubt.xid())));
                }
                case Attempt.TryAgain again -> {
                    if (tries == maxTries || !pause.getAsBoolean()) return all(units, new NotApplied(again.detail()));
                }
            }
        }
    }

    private List<CommitResult> applied(List<Unit> units, Set<Tenure> refused) {
        var results = new ArrayList<CommitResult>(units.size());
        int refusedUnits = 0;
        for (Unit unit : units) {
            boolean no = refused.contains(unit.tenure());
            if (no) refusedUnits++;
            results.add(no ? REFUSED : COMMITTED);
        }
        stats.committed(units.size(), refusedUnits);
        return results;
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

    private static List<CommitResult> all(List<Unit> units, CommitResult result) {
        return units.stream().map(unit -> result).toList();
    }
}
