package simulation;

import java.util.List;
import plumb.OutcomeUnknown;
import plumb.Refusal;
import plumb.Rejection;
import plumb.WriteFailed;

/// What a request is told.
sealed interface Answer {
    /// Done, and the book as it was then.
    record Done(List<String> lines, long note) implements Answer {}

    /// Not applied: not here, not now. Worth repeating.
    record Refused(String why) implements Answer {}

    /// Not applied, and never will be.
    record Failed(String why) implements Answer {}

    /// Perhaps.
    record Unknown(String why) implements Answer {}

    /// The owner is somebody else: not applied.
    record Misdirected() implements Answer {}

    /// What the edge makes of what a call ended with.
    static Answer of(Throwable failure) {
        return switch (failure) {
            case plumb.NotOwner notOwner -> new Misdirected();
            case Refusal refusal -> new Refused(String.valueOf(refusal));
            case OutcomeUnknown unknown -> new Unknown(String.valueOf(unknown));
            case Rejection rejection -> new Failed("rejected");
            case WriteFailed failed -> new Failed(failed.toString());
            case Book.Bug bug -> new Failed("a bug");
            default -> throw new AssertionError("no answer at all", failure);
        };
    }
}
