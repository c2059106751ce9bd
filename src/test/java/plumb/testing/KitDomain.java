package plumb.testing;

import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyType;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// A [plumb.PerKey] class of the kit; all of its keys are one range.
record KitDomain<T>(Class<T> type, String name, KeyType keys, RangeId range) {
    /// @throws IllegalArgumentException if it is no key of this domain
    Key key(Object spelling) {
        return Key.of(name, keys, spelling.toString());
    }

    Tenure tenure(Epoch epoch, Incarnation owner) {
        return new Tenure(range, epoch, owner);
    }
}
