package plumb.keyspace;

/// The right under which something was loaded or written: this incarnation held this range in this epoch.
///
/// A tenure is noted *before* a handler's load begins and travels with every unit; nobody looks an epoch up later. Else
/// a turn that loaded under epoch 5 could commit under 7, after somebody else had written under 6.
public record Tenure(RangeId range, Epoch epoch, Incarnation owner) {}
