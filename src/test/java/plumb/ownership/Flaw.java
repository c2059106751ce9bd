package plumb.ownership;

/// A protocol that is broken in one place. What the simulation cannot find in these, it would not find in ours either.
public enum Flaw {
    /// As it should be.
    NONE,
    /// A claim leaves the epoch as it was.
    EPOCH_NOT_RAISED,
    /// Memory is trusted from the moment at which the renewal's answer came, not from that before it was sent.
    DEADLINE_FROM_ANSWER,
    /// A renewal that writes whatever the row says.
    RENEWAL_WITHOUT_COMPARE,
    /// A fence that a takeover does not wait for, as with `FOR KEY SHARE`.
    WEAK_FENCE,
    /// A claim that takes what a live instance owns.
    CLAIM_OF_THE_LIVING,
    /// A split that leaves the epochs as they were.
    SPLIT_KEEPS_EPOCH,
    /// Routing versions from a sequence: a change with a lower number may show after one with a higher.
    VERSION_FROM_A_SEQUENCE
}
