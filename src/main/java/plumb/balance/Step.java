package plumb.balance;

import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// One thing to be done, for a range in an epoch. Later epochs make it void.
public sealed interface Step {
    RangeId range();

    Epoch epoch();

    /// With the figures behind it.
    String reason();

    /// To another owner.
    record Move(RangeId range, Epoch epoch, Incarnation to, String reason) implements Step {}

    /// @param at the first slot of the second part
    record Split(RangeId range, Epoch epoch, long at, String reason) implements Step {}

    /// With the range that follows.
    record Merge(RangeId range, Epoch epoch, String reason) implements Step {}
}
