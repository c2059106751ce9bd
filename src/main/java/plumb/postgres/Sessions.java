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
            select pg_terminate_backend(pid, 2000)
              from pg_stat_activity
             where application_name = ? and datname = current_database() and pid <> pg_backend_pid()""";

    private final Connections connections;

    Sessions(Connections connections) {
        this.connections = new Connections(connections.settings().withStatementTimeout(PATIENCE));
    }

    /// Blocks for as long as the backends take, at most 10 s. A failure is logged: safety does not hang on it.
    void terminate(Incarnation dead, Incarnation by) {
        try (Connection own = connections.open(Connections.nameOf(by));
                PreparedStatement terminate = own.prepareStatement(TERMINATE)) {
            terminate.setString(1, Connections.nameOf(dead));
            int ended = 0;
            try (ResultSet row = terminate.executeQuery()) {
                while (row.next()) if (row.getBoolean(1)) ended++;
            }
            String sessions = Integer.toString(ended);
            LOG.log(System.Logger.Level.INFO, () -> "ended " + sessions + " database sessions of " + dead);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot end the database sessions of " + dead, e);
        }
    }
}
