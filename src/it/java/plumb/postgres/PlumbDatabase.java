package plumb.postgres;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import plumb.testsupport.DurablePostgres;

/// A migrated database of a test class, and sessions of outsiders on it.
final class PlumbDatabase implements AutoCloseable {
    private final DurablePostgres server;
    private final String name;
    private final Connections connections;
    private final Connection outsider;

    private PlumbDatabase(DurablePostgres server, String name) throws SQLException {
        this.server = server;
        this.name = name;
        this.connections = new Connections(PostgresSettings.of(server.url(name), DurablePostgres.USER, ""));
        this.outsider = server.connect(name);
    }

    static PlumbDatabase migrated(String name) throws SQLException {
        return migrated(DurablePostgres.shared(), name);
    }

    static PlumbDatabase migrated(DurablePostgres server, String name) throws SQLException {
        server.createDatabase(name);
        var database = new PlumbDatabase(server, name);
        new Migrations(database.connections, PlumbDatabase.class.getClassLoader(), List.of("plumb")).run();
        return database;
    }

    /// One that is there already, on a replica.
    static PlumbDatabase of(DurablePostgres server, String name) throws SQLException {
        return new PlumbDatabase(server, name);
    }

    Connections connections() {
        return connections;
    }

    /// For several at once: who waits for the others has the time for it, however slow they are.
    Connections patientConnections() {
        return new Connections(connections.settings().patient(Duration.ofSeconds(20)));
    }

    /// Another session, in autocommit mode, without time-outs.
    Connection session() throws SQLException {
        return server.connect(name);
    }

    /// Another session inside a transaction.
    Connection transaction() throws SQLException {
        Connection session = session();
        session.setAutoCommit(false);
        return session;
    }

    static int pid(Connection session) throws SQLException {
        return session.unwrap(PGConnection.class).getBackendPID();
    }

    /// Waits until that session waits for a lock of another one.
    void awaitBlocked(int pid) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        query("select cardinality(pg_blocking_pids(?))", pid).equals(List.of("1")));
    }

    /// Waits until some session of that application name waits for a lock, and gives its process id.
    int awaitBlocked(String applicationName) {
        return await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> blocked(applicationName), pids -> !pids.isEmpty())
                .getFirst();
    }

    private List<Integer> blocked(String applicationName) throws SQLException {
        return query(
                        "select pid from pg_stat_activity where datname = current_database() and application_name = ?"
                                + " and wait_event_type = 'Lock'",
                        applicationName)
                .stream()
                .map(Integer::valueOf)
                .toList();
    }

    /// No instance, no domain, no range.
    void empty() throws SQLException {
        try (var statement = outsider.createStatement()) {
            statement.execute("truncate plumb.range_lease, plumb.domain, plumb.lease_history, plumb.instance cascade");
        }
    }

    /// In its own transaction, at once.
    int execute(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = outsider.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
            return statement.executeUpdate();
        }
    }

    /// The first column.
    List<String> query(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = outsider.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
            try (ResultSet row = statement.executeQuery()) {
                var column = new ArrayList<String>();
                while (row.next()) column.add(row.getString(1));
                return column;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        outsider.close();
    }
}
