package plumb.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import plumb.CallCycle;
import plumb.OutcomeUnknown;
import plumb.Refusal;
import plumb.Rejection;
import plumb.WriteFailed;

/// Which failures speak against the key whose request failed. Not: an answer (a [Rejection]), what the plumbing itself
/// says, what the database says of the data, a mistake in who calls whom; and not what comes from a network or a
/// database that is away, wherever in the chain of causes.
final class Blame {
    private static final int DEEPEST = 20;

    private Blame() {}

    /// @param outside whether one exception of the chain comes from a database or a network
    static boolean isOnTheKey(Throwable failure, Predicate<Throwable> outside) {
        return chain(failure).noneMatch(each -> isAnswer(each) || isOutside(each) || outside.test(each));
    }

    private static boolean isAnswer(Throwable each) {
        return each instanceof Rejection
                || each instanceof Refusal
                || each instanceof OutcomeUnknown
                || each instanceof WriteFailed
                || each instanceof CallCycle;
    }

    private static boolean isOutside(Throwable each) {
        return each instanceof IOException
                || each instanceof UncheckedIOException
                || each instanceof TimeoutException
                || each instanceof InterruptedException
                || each instanceof RejectedExecutionException;
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .limit(DEEPEST);
    }

    /// The class and the place; not the message, in which there may be whose it is.
    static String describe(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String what = failure.getClass().getName();
        return trace.length == 0 ? what : what + " at " + trace[0];
    }
}
