package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.LeaseTableException;

/// The few connections of the lease table, and the one shape of its transactions. Safe for use by several threads.
final class LeaseSessions implements AutoCloseable {
    private static final int CONNECTIONS = 3;

    /// Every transaction begins by carrying the name of the current life, so a session that outlived a former one is
    /// never ended in its stead. It is also the probe: if it fails, nothing was asked yet, and a fresh connection may
    /// be tried.
    private static final String NAME = "select set_config('application_name', ?, false)";

    private final Connections connections;
    private final Semaphore permits = new Semaphore(CONNECTIONS);
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile String name = "plumb";
    private volatile boolean closed;

    LeaseSessions(Connections connections) {
        this.connections = connections;
    }

    /// What happens between BEGIN and COMMIT. To give up with a value, roll back and return it.
    ///
    /// @param <R> what comes out
    @FunctionalInterface
    interface Work<R> {
        R in(Connection transaction) throws SQLException;
    }

    void actAs(Incarnation me) {
        name = Connections.nameOf(me);
    }

    /// Runs one transaction. Blocks while all connections are in use, at most for one statement time-out.
    ///
    /// @throws LeaseTableException if it is unknown whether it was applied, also after a failover
    <R> R transact(String what, Work<R> work) {
        try {
            if (!permits.tryAcquire(connections.settings().statementTimeout().toMillis(), TimeUnit.MILLISECONDS))
                throw new SQLException("every connection is in use");
        } catch (SQLException | InterruptedException e) {
            if (e instanceof InterruptedException) Thread.currentThread().interrupt();
            throw failed(what, e);
        }
        Connection connection = null;
        boolean reusable = false;
        try {
            connection = begin();
            R result = work.in(connection);
            Replication.commit(connection);
            reusable = true;
            return result;
        } catch (SQLException e) {
            reusable = connection != null && Quietly.rollback(connection);
            throw failed(what, e);
        } finally {
            giveBack(connection, reusable);
            permits.release();
        }
    }

    private static LeaseTableException failed(String what, Exception cause) {
        return new LeaseTableException(what + " was not answered: " + cause.getMessage(), cause);
    }

    private Connection begin() throws SQLException {
        Connection known = idle.pollFirst();
        if (known != null) {
            try {
                return named(known);
            } catch (SQLException e) {
                Quietly.close(known); // idle connections get cut; that is no failure of the database
            }
        }
        Connection fresh = connections.open(name);
        try {
            fresh.setAutoCommit(false);
            return named(fresh);
        } catch (SQLException e) {
            Quietly.close(fresh);
            throw e;
        }
    }

    private Connection named(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NAME)) {
            statement.setString(1, name);
            statement.execute();
            return connection;
        }
    }

    private void giveBack(@Nullable Connection connection, boolean reusable) {
        if (connection == null) return;
        if (reusable) idle.addFirst(connection);
        if (!reusable) Quietly.close(connection);
        if (closed) closeIdle();
    }

    private void closeIdle() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst())
            Quietly.close(connection);
    }

    @Override
    public void close() {
        closed = true;
        closeIdle();
    }
}
