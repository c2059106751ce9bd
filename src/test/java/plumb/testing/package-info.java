/// For teams that write [plumb.PerKey] classes: runs them on the real engine, on a clock that the test moves, without a
/// server and without a database. [plumb.testing.TestKit] is all of it. May be imported by tests only; imports what it
/// likes.
@NullMarked
package plumb.testing;

import org.jspecify.annotations.NullMarked;
