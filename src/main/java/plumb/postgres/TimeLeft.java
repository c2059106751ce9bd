package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import plumb.keyspace.Incarnation;
import plumb.ownership.LeaseTableException;

/// How long each living instance's heartbeat is good for, by the database's clock. For people; nothing is decided by
/// it.
public final class TimeLeft {
    private static final String LEFT = """
            select instance_id, extract(epoch from expires_at - clock_timestamp()) * 1000 as millis
              from plumb.instance
             where state <> 'DEAD'""";

    private final Connections connections;

    public TimeLeft(Connections connections) {
        this.connections = connections;
    }

    /// Negative: overdue. Blocks for a connection and one statement.
    ///
    /// @throws LeaseTableException if the database did not answer
    public Map<Incarnation, Duration> ofInstances() {
        try (Connection connection = connections.open("plumb admin");
                PreparedStatement query = connection.prepareStatement(LEFT);
                ResultSet row = query.executeQuery()) {
            var left = new HashMap<Incarnation, Duration>();
            while (row.next())
                left.put(new Incarnation(row.getObject(1, UUID.class)), Duration.ofMillis((long) row.getDouble(2)));
            return left;
        } catch (SQLException e) {
            throw new LeaseTableException("reading the time left was not answered: " + e.getMessage(), e);
        }
    }
}
