package plumb.dispatch;

/// Who passes whom in a mailbox: the earlier constant passes the later one.
public enum Rank {
    /// A request that was marked so, a cancel: it passes everything that waits.
    URGENT,
    /// A durable timer that is due. It has waited for its time already.
    ALARM,
    /// Any other request.
    USUAL,
    /// A timer of memory alone: housekeeping, when nothing else is to be done.
    TICK
}
