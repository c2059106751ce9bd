package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.postgresql.util.PSQLWarning;

/// Whether a synchronous standby has what was committed, where there is one. Else a failover may still forget it, and
/// nobody may be told of it.
final class Replication {
    /// What the JDBC driver would say if it knew: "transaction resolution unknown".
    private static final String UNKNOWN = "08007";

    /// A message in the log that nobody reads: a transaction that only read would not wait for the standby.
    private static final String MARK = """
            select case when current_setting('synchronous_standby_names') <> ''
                        then pg_logical_emit_message(true, 'plumb', '') end""";

    private Replication() {}

    /// Once this transaction has been committed by [#commit], the standby has everything that the transaction has seen
    /// so far, too: the log arrives in its order.
    static void mark(Connection transaction) throws SQLException {
        try (PreparedStatement mark = transaction.prepareStatement(MARK)) {
            mark.execute();
        }
    }

    /// Commits.
    ///
    /// @throws SQLException also if it is committed here, but perhaps not on the standby
    static void commit(Connection transaction) throws SQLException {
        if (!committed(transaction))
            throw new SQLException("the wait for the synchronous standby was cancelled", UNKNOWN);
    }

    /// Commits. COMMIT says yes with a warning when it was cancelled while it waited for a standby. Known by the
    /// routine, because the text depends on the server's language.
    ///
    /// @return false: it is committed here, but perhaps not on the standby
    static boolean committed(Connection transaction) throws SQLException {
        transaction.clearWarnings();
        transaction.commit();
        for (SQLWarning warning = transaction.getWarnings(); warning != null; warning = warning.getNextWarning())
            if (warning instanceof PSQLWarning postgres
                    && postgres.getServerErrorMessage() != null
                    && "SyncRepWaitForLSN"
                            .equals(postgres.getServerErrorMessage().getRoutine())) return false;
        return true;
    }
}
