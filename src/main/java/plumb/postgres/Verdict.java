package plumb.postgres;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import plumb.commit.FencedStore.Attempt;
import plumb.keyspace.Tenure;

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

    /// @param refused the tenures that the fence did not let through
    static Attempt of(Phase phase, @Nullable String xid, Set<Tenure> refused, SQLException failure) {
        String state = state(failure);
        String detail = state + " " + message(failure);
        // whatever the fence fails with is no unit's fault, and a transaction that wrote nothing leaves no doubt
        if (phase == Phase.FENCE) return new Attempt.TryAgain(detail);
        if (lost(state) || unansweredCommit(phase, failure)) return new Attempt.InDoubt(xid, refused, detail);
        if (rolledBackForNoFaultOfTheData(state)) return new Attempt.TryAgain(detail);
        return new Attempt.BadData(state, message(failure));
    }

    /// The driver broke, or there was no memory left: nobody knows what it has sent.
    static Attempt of(Phase phase, @Nullable String xid, Set<Tenure> refused, Throwable fault) {
        String detail = fault.getClass().getName();
        return phase == Phase.FENCE ? new Attempt.TryAgain(detail) : new Attempt.InDoubt(xid, refused, detail);
    }

    /// An error that the server itself answers to COMMIT, be it of a deferred constraint or a lock time-out, is a
    /// definite no: it is decided before the commit record is written, and what is cancelled after that is a warning.
    /// Only a sentence of the driver's own leaves it open.
    private static boolean unansweredCommit(Phase phase, SQLException failure) {
        return phase == Phase.COMMIT && answer(failure) == null;
    }

    /// True: the connection is of no use any more.
    static boolean endsSession(SQLException failure) {
        String state = state(failure);
        return state.equals(IDLE_IN_TRANSACTION) || state.equals(READ_ONLY) || lost(state);
    }

    /// As [#endsSession(SQLException)], and also where nobody knows what the transaction is doing.
    static boolean endsSession(Phase phase, SQLException failure) {
        return endsSession(failure) || unansweredCommit(phase, failure);
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "08000" : failure.getSQLState();
    }

    /// Deadlock, serialisation, out of something, lock not available, statement time-out, a server that became a
    /// standby, a pooler that forgot a prepared statement (the driver prepares it anew); and the session that was ended
    /// *because* its transaction stood still: COMMIT had not arrived by then.
    private static boolean rolledBackForNoFaultOfTheData(String state) {
        return state.startsWith("26")
                || state.startsWith("40")
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
        ServerErrorMessage answer = answer(failure);
        return String.valueOf(answer == null ? failure.getMessage() : answer.getMessage());
    }

    private static @Nullable ServerErrorMessage answer(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof PSQLException postgres && postgres.getServerErrorMessage() != null)
                return postgres.getServerErrorMessage();
        return null;
    }
}
