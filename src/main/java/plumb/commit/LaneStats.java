package plumb.commit;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// What a lane counted since the start. Written by the lane, read by `metrics`.
public final class LaneStats {
    private final LongAdder commits = new LongAdder();
    private final LongAdder units = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder ambiguous = new LongAdder();
    private final LongAccumulator largest = new LongAccumulator(Math::max, 0);

    void committed(int batch, int refusedOfThem) {
        commits.increment();
        units.add(batch - refusedOfThem);
        refused.add(refusedOfThem);
        largest.accumulate(batch);
    }

    void failedUnit() {
        failed.increment();
    }

    void inDoubt() {
        ambiguous.increment();
    }

    /// Transactions that committed.
    public long commits() {
        return commits.sum();
    }

    /// Turns that they carried; over [#commits()] it is the mean batch.
    public long units() {
        return units.sum();
    }

    /// Turns that the fence refused.
    public long refused() {
        return refused.sum();
    }

    /// Turns whose data the database refused.
    public long failed() {
        return failed.sum();
    }

    /// Transactions whose answer was lost.
    public long ambiguous() {
        return ambiguous.sum();
    }

    /// The largest batch.
    public long largestBatch() {
        return largest.get();
    }
}
