package plumb.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import plumb.keyspace.Incarnation;

/// Opens unpooled connections whose every wait has an end. Safe for use by several threads.
public final class Connections {
    private final PostgresSettings settings;

    /// @throws IllegalArgumentException if the URL asks for what would break a promise
    public Connections(PostgresSettings settings) {
        Properties inUrl = Driver.parseURL(settings.url(), null);
        if (inUrl != null && PGProperty.REWRITE_BATCHED_INSERTS.getBoolean(inUrl))
            throw new IllegalArgumentException(
                    "reWriteBatchedInserts in the JDBC URL hides how many rows each statement"
                            + " wrote, which a domain may ask for: remove it");
        this.settings = settings;
    }

    /// The application name of an incarnation's sessions.
    public static String nameOf(Incarnation incarnation) {
        return "plumb:" + incarnation;
    }

    /// A connection in autocommit mode, READ COMMITTED, to the primary. Blocks at most for the connect time-out and one
    /// statement.
    ///
    /// @throws SQLException also if the session did not get the isolation and durability that the protocol needs
    public Connection open(String applicationName) throws SQLException {
        Connection connection = new Driver().connect(settings.url(), properties(applicationName));
        if (connection == null) throw new SQLException("no address of a Postgres: " + settings.url());
        try {
            refuseWeakSession(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// For libraries that open connections themselves, one per use.
    public DataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setURL(settings.url());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setConnectTimeout(seconds(settings.connectTimeout()));
        source.setSocketTimeout(seconds(settings.statementTimeout()) + 1);
        source.setApplicationName("plumb chores");
        return source;
    }

    PostgresSettings settings() {
        return settings;
    }

    private Properties properties(String applicationName) {
        var properties = new Properties();
        PGProperty.USER.set(properties, settings.user());
        PGProperty.PASSWORD.set(properties, settings.password());
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
        PGProperty.LOGIN_TIMEOUT.set(properties, seconds(settings.connectTimeout()));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(settings.statementTimeout()) + 1);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.PREPARE_THRESHOLD.set(properties, 2);
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false); // details quote the rows, and they are people's
        PGProperty.OPTIONS.set(
                properties,
                "-c default_transaction_isolation=read\\ committed -c synchronous_commit=on"
                        + " -c statement_timeout=" + settings.statementTimeout().toMillis()
                        + " -c lock_timeout=" + settings.lockTimeout().toMillis()
                        + " -c idle_in_transaction_session_timeout="
                        + settings.idleInTransaction().toMillis());
        return properties;
    }

    /// Something between us and the server (a pooler) may have dropped the options.
    private static void refuseWeakSession(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select current_setting('transaction_isolation'), current_setting('synchronous_commit'),"
                                + " current_setting('idle_in_transaction_session_timeout')")) {
            row.next();
            if (!row.getString(1).equals("read committed"))
                throw new SQLException("the session is not READ COMMITTED but " + row.getString(1));
            if (!row.getString(2).equals("on"))
                throw new SQLException("the session's synchronous_commit is not on but " + row.getString(2));
            if (row.getString(3).equals("0")) throw new SQLException("the session has no time-out inside transactions");
        }
    }

    private static int seconds(Duration timeout) {
        return Math.toIntExact(timeout.plusMillis(999).toSeconds());
    }
}
