package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import plumb.keyspace.Incarnation;

/// Ends what the dead left open: a stopped client's transaction holds its fences until somebody does.
final class Sessions {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// By name only: a process id may have been given away again. Safe to repeat.
    private static final String TERMINATE = """
            select pg_terminate_backend(pid, ?)
              from pg_stat_activity
             where application_name = ? and datname = current_database() and pid <> pg_backend_pid()""";
    private static final int NO_WAIT = 0;
    private static final int WAIT_MILLIS = 2_000;

    private final Connections connections;

    Sessions(Connections connections) {
        this.connections = new Connections(connections.settings().withStatementTimeout(PATIENCE));
    }

    /// Blocks for as long as the backends take, at most 20 s. A failure is logged: safety does not hang on it.
    ///
    /// All are told before any is waited for: a wait looks each 100 ms, and a server's pool has dozens of sessions.
    void terminate(Incarnation dead, Incarnation by) {
        try (Connection own = connections.open(Connections.nameOf(by))) {
            String sessions = Integer.toString(terminate(own, dead, NO_WAIT));
            terminate(own, dead, WAIT_MILLIS);
            LOG.log(System.Logger.Level.INFO, () -> "ended " + sessions + " database sessions of " + dead);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot end the database sessions of " + dead, e);
        }
    }

    private static int terminate(Connection own, Incarnation dead, int waitMillis) throws SQLException {
        int ended = 0;
        try (PreparedStatement terminate = own.prepareStatement(TERMINATE)) {
            terminate.setLong(1, waitMillis);
            terminate.setString(2, Connections.nameOf(dead));
            try (ResultSet row = terminate.executeQuery()) {
                while (row.next()) if (row.getBoolean(1)) ended++;
            }
        }
        return ended;
    }
}
