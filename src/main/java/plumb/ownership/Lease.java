package plumb.ownership;

import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// A granted right: this incarnation acts for these keys in this epoch.
public record Lease(RangeId range, String domain, KeyRange keys, Epoch epoch, Incarnation owner) {
    public Tenure tenure() {
        return new Tenure(range, epoch, owner);
    }
}
