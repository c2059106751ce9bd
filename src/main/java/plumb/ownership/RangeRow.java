package plumb.ownership;

import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

/// A row of `range_lease` as it was read.
///
/// @param owner null: unowned
/// @param target null: not offered
/// @param version the routing version of its last change
public record RangeRow(
        RangeId range,
        String domain,
        KeyRange keys,
        @Nullable Incarnation owner,
        Epoch epoch,
        @Nullable Incarnation target,
        long version) {}
