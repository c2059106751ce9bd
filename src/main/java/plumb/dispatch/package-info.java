/// Runs requests: one handler per live key, on its own virtual thread, one turn after another.
///
/// ```
/// call ──▶ Dispatcher ──▶ Mailbox ──▶ HandlerLoop ──▶ LiveState: load once, discard in the end
///          key ─▶ range    ranks,         │
///          held? ─▶ loop   each bounded   └─▶ TurnRun: what waits, one after another ──▶ commit.Committer ──▶ replies
/// ```
///
/// States of a handler: loading → live ⇄ in a turn → passivated (idle) | drained (planned move) | halted (lease lost).
/// For `http` and `runtime`; knows ranges and tenures, but neither leases nor Jakarta.
@NullMarked
package plumb.dispatch;

import org.jspecify.annotations.NullMarked;
