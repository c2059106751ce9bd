/// The key space: how a key becomes a slot, and how slots make ranges. Pure functions and values, no I/O, no clock.
///
/// Everything else may import this package; it imports nothing but the JDK.
///
/// ```
///  key text ──canonical──▶ bytes ──Slot.of (frozen)──▶ slot 0 … 2^32-1 ──▶ the one range [lo,hi) that contains it
/// ```
@NullMarked
package plumb.keyspace;

import org.jspecify.annotations.NullMarked;
