package plumb.http;

/// What one hop came to.
sealed interface HopResult {
    /// The owner answered.
    record Answered(HopAnswer answer) implements HopResult {}

    /// It did not, in that way.
    record Failed(HopFailure failure) implements HopResult {}

    /// It was not sent, and sending it again would be no better.
    record Refused(Problem problem) implements HopResult {}
}
