package plumb.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Ends what may be broken already.
final class Quietly {
    private static final System.Logger LOG = System.getLogger(Quietly.class.getName());

    private Quietly() {}

    /// Closes the socket at once, without a farewell that could block on a dead peer.
    static void close(@Nullable Connection connection) {
        if (connection == null) return;
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a connection", e);
        }
    }

    /// @return false: the connection is of no use any more
    static boolean rollback(@Nullable Connection connection) {
        try {
            if (connection == null || connection.isClosed()) return false;
            connection.rollback();
            return true;
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "rolling back", e);
            return false;
        }
    }
}
