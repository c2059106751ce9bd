package plumb.dispatch;

import java.util.Optional;
import plumb.Deadline;

/// The deadline of the request whose answer is being given on the calling thread. So that what a caller builds on the
/// answer of one call, another call for instance, has as much time left as the first one had, not a fresh allowance.
public final class AnswerDeadline {
    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    private AnswerDeadline() {}

    /// Known while an answer is given, so in the stages that are built on it before it came; empty elsewhere.
    public static Optional<Deadline> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /// Gives an answer, on the calling thread.
    public static void during(Deadline deadline, Runnable answer) {
        ScopedValue.where(CURRENT, deadline).run(answer);
    }
}
