/// Makes a turn's writes durable: units of many keys share one fenced transaction.
///
/// ```
/// Unit (one turn) ──▶ CommitLane: takes all that waits ──▶ FencedStore: BEGIN, fence, writes, COMMIT ──▶ CommitResult
///                       data error: halve by units               connection lost: Doubt settles what became of it
/// ```
///
/// For `dispatch`, which submits, and for `postgres`, which implements [plumb.commit.FencedStore]. No clock and no SQL
/// here.
@NullMarked
package plumb.commit;

import org.jspecify.annotations.NullMarked;
