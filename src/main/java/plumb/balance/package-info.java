/// Who should own what, by measured load: a pure function from a [plumb.balance.Snapshot] to a [plumb.balance.Plan]. It
/// reads no clock and no table, so a snapshot that was written down gives the same plan again, and tests run a month in
/// seconds. A wrong plan can be slow, never wrong: whether a step may be done is decided by the database when its owner
/// does it. Imports `keyspace` only.
@NullMarked
package plumb.balance;

import org.jspecify.annotations.NullMarked;
