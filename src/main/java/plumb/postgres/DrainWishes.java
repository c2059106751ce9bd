package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import plumb.keyspace.Incarnation;
import plumb.ownership.Decision;
import plumb.ownership.LeaseTableException;

/// Which instances are wished to leave. Each method blocks for one short transaction and throws [LeaseTableException]
/// if it was not answered. Safe for use by several threads.
public final class DrainWishes {
    /// The channel that says that there is another wish.
    public static final String CHANNEL = "plumb_drain";

    private static final String WISH = """
            insert into plumb.drain_wish (instance_id, leave, made_by, reason) values (?, ?, ?, ?)
            on conflict (instance_id) do update
               set leave = excluded.leave, made_by = excluded.made_by, reason = excluded.reason,
                   at = clock_timestamp()""";

    private static final String DECIDED =
            "insert into plumb.decision (made_by, kind, detail, reason) values (?, ?, ?, ?)";

    private final Connections connections;

    public DrainWishes(Connections connections) {
        this.connections = connections;
    }

    /// Writes down what is wished, and who wished it; its instance hears of it.
    ///
    /// @param name of the instance, for people
    /// @param leave false: that it serves again
    public void wish(Incarnation instance, String name, boolean leave, Decision decision) {
        try (Connection connection = connections.open("plumb drain wish")) {
            connection.setAutoCommit(false);
            Sql.update(connection, WISH, instance.id(), leave, decision.by(), decision.reason());
            Sql.update(connection, DECIDED, decision.by(), leave ? "drain" : "undrain", name, decision.reason());
            Sql.locks(connection, "select pg_notify(?, ?)", CHANNEL, instance.toString());
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Empty: nothing is wished of it.
    public Optional<Boolean> of(Incarnation instance) {
        try (Connection connection = connections.open("plumb drain wish");
                PreparedStatement select = Sql.prepare(
                        connection, "select leave from plumb.drain_wish where instance_id = ?", instance.id());
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getBoolean(1)) : Optional.empty();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the wish to drain was not answered: " + cause.getMessage(), cause);
    }
}
