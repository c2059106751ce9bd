package plumb.dispatch;

import plumb.keyspace.Epoch;
import plumb.keyspace.RangeId;

/// A live gauge over the keys of one range that are in memory here. An epoch is granted once, so sums of different
/// instances under one range and epoch cannot be.
///
/// @param settled false: it comes from another instance, or goes to one, so some of its keys are not in memory now
public record LiveSum(RangeId range, Epoch epoch, long value, boolean settled) {
    public LiveSum unsettled() {
        return new LiveSum(range, epoch, value, false);
    }
}
