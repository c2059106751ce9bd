package plumb.postgres;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import plumb.commit.FencedStore.Attempt;

/// What a failed attempt means, by where it failed and by SQLSTATE.
final class Verdict {
    private static final String QUERY_CANCELED = "57014";
    private static final String IDLE_IN_TRANSACTION = "25P03";
    private static final String READ_ONLY = "25006";

    private Verdict() {}

    /// How far the attempt had come.
    enum Phase {
        /// The fence was sent at most: nothing can have been written, COMMIT was not sent.
        FENCE,
        /// The transaction's id is known, COMMIT was not sent.
        WRITES,
        /// COMMIT was sent.
        COMMIT
    }

    static Attempt of(Phase phase, @Nullable String xid, SQLException failure) {
        String state = failure.getSQLState() == null ? "08000" : failure.getSQLState();
        String detail = state + " " + message(failure);
        // whatever the fence fails with is no unit's fault, and a transaction that wrote nothing leaves no doubt
        if (phase == Phase.FENCE) return new Attempt.TryAgain(detail);
        if (state.equals(QUERY_CANCELED) && phase == Phase.COMMIT) return new Attempt.InDoubt(xid, detail);
        if (rolledBackForNoFaultOfTheData(state)) return new Attempt.TryAgain(detail);
        if (lost(state)) return new Attempt.InDoubt(xid, detail);
        return new Attempt.BadData(state, message(failure));
    }

    /// True: the connection is of no use any more.
    static boolean endsSession(SQLException failure) {
        String state = failure.getSQLState() == null ? "08000" : failure.getSQLState();
        return state.equals(IDLE_IN_TRANSACTION) || state.equals(READ_ONLY) || lost(state);
    }

    /// Deadlock, serialisation, out of something, lock not available, statement time-out, a server that became a
    /// standby; and
    /// the session that was ended *because* its transaction stood still: COMMIT had not arrived by then.
    private static boolean rolledBackForNoFaultOfTheData(String state) {
        return state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("55")
                || state.startsWith("58")
                || state.equals(QUERY_CANCELED)
                || state.equals(IDLE_IN_TRANSACTION)
                || state.equals(READ_ONLY);
    }

    /// Connection failure, shutdown or terminated by an administrator, transaction time-out: the answer is missing.
    private static boolean lost(String state) {
        return state.startsWith("08")
                || (state.startsWith("57") && !state.equals(QUERY_CANCELED))
                || state.equals("25P04");
    }

    /// The server's own sentence: the driver's quotes the rows of a batch, and they are people's.
    static String message(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof PSQLException postgres && postgres.getServerErrorMessage() != null)
                return String.valueOf(postgres.getServerErrorMessage().getMessage());
        return String.valueOf(failure.getMessage());
    }
}
