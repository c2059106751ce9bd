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
/// @param splitAt where it is wished to be split; null: nowhere
/// @param merge whether it is wished to be merged with the next one
/// @param pinned whether it stays with its owner as long as that one stays
public record RangeRow(
        RangeId range,
        String domain,
        KeyRange keys,
        @Nullable Incarnation owner,
        Epoch epoch,
        @Nullable Incarnation target,
        long version,
        @Nullable Long splitAt,
        boolean merge,
        boolean pinned) {
    /// Without a wish or a pin.
    public RangeRow(
            RangeId range,
            String domain,
            KeyRange keys,
            @Nullable Incarnation owner,
            Epoch epoch,
            @Nullable Incarnation target,
            long version) {
        this(range, domain, keys, owner, epoch, target, version, null, false, false);
    }

    /// Whether something is wished of it.
    public boolean isWished() {
        return target != null || splitAt != null || merge;
    }
}
