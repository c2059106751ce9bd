package plumb.commit;

/// What became of a unit.
public sealed interface CommitResult {
    /// Durable.
    record Committed() implements CommitResult {}

    /// Its tenure no longer holds; nothing was applied.
    record Refused() implements CommitResult {}

    /// The database refused its data (SQLSTATE 22, 23, or a broken statement); nothing was applied.
    record Failed(String sqlState, String detail) implements CommitResult {}

    /// Nothing was applied, for no fault of the unit: the database could not be reached, or kept failing for a while.
    record NotApplied(String detail) implements CommitResult {}

    /// The connection was lost around the commit. The tenure was ended (its epoch raised) before the outcome was looked
    /// up.
    record Ambiguous(Outcome outcome) implements CommitResult {}

    /// What the database says of a transaction whose answer was lost.
    enum Outcome {
        APPLIED,
        NOT_APPLIED,
        UNKNOWN
    }
}
