package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.LeaseTableException;

/// What became of a transaction whose answer was lost. Safe for use by several threads.
public final class TransactionStatus {
    /// Reads the commit log; after a crash an unfinished transaction is an aborted one. Cannot change back. After a
    /// failover or a crash the same number may be another transaction's.
    private static final String STATUS = """
            select case when i.lineage = plumb.lineage() then pg_xact_status(split_part(t.id, '@', 1)::xid8) end,
                   split_part(t.id, '@', 2) = <since>
              from plumb.instance i, (select ?::text as id) t where i.instance_id = ?""".replace("<since>", FenceSql.SINCE);

    private static final String FROM_THE_FUTURE = "22023";

    private final Connections connections;

    public TransactionStatus(Connections connections) {
        this.connections = connections;
    }

    /// What the database knows.
    public enum State {
        /// Durable, on a synchronous standby too.
        COMMITTED,
        /// Nothing of it remains.
        ABORTED,
        /// Its session still lives: ask again.
        IN_PROGRESS,
        /// Too long ago, or a failover forgot it, or a crash may have.
        UNKNOWN
    }

    /// Asks on a fresh connection. Blocks for connect and statement time-outs.
    ///
    /// @param xid as the fence told it
    /// @param of whose transaction it was
    /// @throws LeaseTableException if the database did not answer: ask again
    public State of(String xid, Incarnation of) {
        try (Connection connection = connections.open("plumb status");
                PreparedStatement status = connection.prepareStatement(STATUS)) {
            connection.setAutoCommit(false);
            status.setString(1, xid);
            status.setObject(2, of.id());
            State state;
            try (ResultSet row = status.executeQuery()) {
                state = row.next() ? state(row.getString(1), row.getBoolean(2)) : State.UNKNOWN;
            }
            if (state == State.COMMITTED) Replication.mark(connection);
            Replication.commit(connection);
            return state;
        } catch (SQLException e) {
            if (FROM_THE_FUTURE.equals(e.getSQLState())) return State.UNKNOWN;
            throw new LeaseTableException("the status of transaction " + xid + " is unknown: " + e.getMessage(), e);
        }
    }

    /// @param own false: there was a crash since, so it may be the end of another transaction, which got the number
    ///     because nothing remains of the one that is asked for. One whose commit is durable keeps its number.
    private static State state(@Nullable String answer, boolean own) {
        if (answer == null) return State.UNKNOWN;
        return switch (answer) {
            case "committed" -> own ? State.COMMITTED : State.UNKNOWN;
            case "aborted" -> State.ABORTED;
            case "in progress" -> own ? State.IN_PROGRESS : State.ABORTED;
            default -> State.UNKNOWN;
        };
    }
}
