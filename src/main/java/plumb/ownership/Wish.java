package plumb.ownership;

import plumb.keyspace.Incarnation;

/// What the owner of a range is asked to do with it. It stands in the range's row until the owner does it, or it is
/// cancelled, or the epoch it was meant for ends.
public sealed interface Wish {
    /// Hand it over: the same as an offer.
    record Move(Incarnation target) implements Wish {}

    /// Make two of it.
    ///
    /// @param at the first slot of the second one
    record Split(long at) implements Wish {}

    /// Make one of it and the range that follows, which has the same owner.
    record Merge() implements Wish {}
}
