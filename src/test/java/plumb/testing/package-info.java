/// For teams that write [plumb.PerKey] classes: runs them on the real engine, on a clock that the test moves, without a
/// server and without a database. [plumb.testing.TestKit] and [plumb.testing.OfKey] are all of it. The build attaches
/// it as a jar with the classifier `testing`, for the test scope. May be imported by tests only; imports what it likes.
///
/// ```
/// test ──▶ TestKit ──▶ KitInstance: one owner's life, with a dispatcher and a lane of its own
///             │              │ units, fenced
///             │              ▼
///             └────▶ KitStore: what outlives it: who owns, what is committed, alarms, requests ──▶ onCommit: the
/// team's twin
/// ```
@NullMarked
package plumb.testing;

import org.jspecify.annotations.NullMarked;
