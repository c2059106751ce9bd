/// Who owns which range, and whether we may still act: leases in Postgres, one heartbeat row per incarnation.
///
/// **Time decides liveness, epochs decide safety.** An incarnation renews one row; a watcher that saw the same
/// heartbeat for a full TTL of its own monotonic clock, while its own renewals succeeded, declares it dead by
/// compare-and-set. DEAD only permits: the claim raises the epoch of each range, and that is what fences the old
/// owner's writes.
///
/// ```
///              register                    renew (CAS on hb)
/// (a new life) ──────────▶ ALIVE ◀──────────────┐
///                          ▲  │└────────────────┘
///                   stay() │  │ leave()
///              join        │  ▼      declared dead / hb went backwards / row gone
/// (start) ──────────────▶ LEAVING ──────▶ DEAD (from ALIVE too) ── self-fence: halt all, drop memory, register anew
///
/// range:  free ──claim──▶ owned(epoch+1) ──offer──▶ target set ──drain──▶ hand-over: owner = target, epoch+1
///          ▲                  │  └─ owner DEAD: claim by another, epoch+1
///          └──── release ─────┘
/// ```
///
/// Trust is local: the monotonic time taken *before* the last successful renewal was sent, plus TTL, minus a margin.
/// Past it nothing is answered from memory. Ports: [plumb.ownership.Heartbeat], [plumb.ownership.LeaseTable]; their
/// in-memory twin passes the same contract test as Postgres.
@NullMarked
package plumb.ownership;

import org.jspecify.annotations.NullMarked;
