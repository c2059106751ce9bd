package plumb.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import plumb.commit.CommitResult;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.Committer;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Tenure;

/// The lane and the database: commits what turns want written as long as their tenure holds, one unit after the other,
/// and lets accidents happen around it. Knows rows, not SQL.
final class KitStore implements Committer {
    /// What is to happen around the next commit that writes something.
    enum Accident {
        NONE,
        /// The instance dies before it.
        CRASH_BEFORE,
        /// The instance dies after it, before anybody is told.
        CRASH_AFTER,
        /// Somebody else owns the range already.
        LEASE_LOST,
        /// The database refuses the data.
        BAD_DATA
    }

    private final List<Record> rows = new ArrayList<>();
    private final Consumer<Record> onCommit;
    private Tenure tenure;
    private Accident next = Accident.NONE;
    private boolean down;

    /// @param onCommit hears of each row, in order, before anybody is told that it is committed
    KitStore(Tenure tenure, Consumer<Record> onCommit) {
        this.tenure = tenure;
        this.onCommit = onCommit;
    }

    synchronized void holds(Tenure now) {
        tenure = now;
        down = false;
    }

    synchronized void next(Accident accident) {
        next = accident;
    }

    /// Whether the owner has died, or is none any more.
    synchronized boolean isDown() {
        return down;
    }

    synchronized List<Record> rows() {
        return List.copyOf(rows);
    }

    @Override
    public synchronized CompletableFuture<CommitResult> submit(Unit unit) {
        return CompletableFuture.completedFuture(result(unit));
    }

    private CommitResult result(Unit unit) {
        if (down || !unit.tenure().equals(tenure)) return new CommitResult.Refused();
        Accident accident = unit.writes().isEmpty() ? Accident.NONE : next;
        if (accident != Accident.NONE) next = Accident.NONE;
        down = accident != Accident.NONE && accident != Accident.BAD_DATA;
        return switch (accident) {
            case NONE -> apply(unit);
            case CRASH_BEFORE -> new CommitResult.Ambiguous(Outcome.UNKNOWN);
            case CRASH_AFTER -> {
                apply(unit);
                yield new CommitResult.Ambiguous(Outcome.UNKNOWN);
            }
            case LEASE_LOST -> new CommitResult.Refused();
            case BAD_DATA -> new CommitResult.Failed("23514", "the test wants it");
        };
    }

    private CommitResult apply(Unit unit) {
        for (Write write : unit.writes()) {
            rows.add(write.row());
            onCommit.accept(write.row());
            write.committed(1);
        }
        return new CommitResult.Committed();
    }
}
