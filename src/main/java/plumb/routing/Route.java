package plumb.routing;

import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceRow;

/// Where the requests of a range go. One object per range and table, made when the table is.
public sealed interface Route {
    String domain();

    RangeId range();

    KeyRange keys();

    Epoch epoch();

    /// Owned here.
    record Local(String domain, RangeId range, KeyRange keys, Epoch epoch, InstanceRow owner) implements Route {}

    /// Owned by another live instance.
    record Remote(String domain, RangeId range, KeyRange keys, Epoch epoch, InstanceRow owner) implements Route {}

    /// Nobody can serve it now: no owner, or an owner that is dead or unknown.
    record Unowned(
            String domain,
            RangeId range,
            KeyRange keys,
            Epoch epoch,
            @Nullable InstanceRow lastOwner) implements Route {}
}
