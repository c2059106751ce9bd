package bench.baseline;

import jakarta.annotation.sql.DataSourceDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// The pool of the container, as large as the database's 100 connections allow three instances.
@DataSourceDefinition(
        name = Data.NAME,
        className = "bench.baseline.Data",
        minPoolSize = 30,
        maxPoolSize = 30,
        isolationLevel = Connection.TRANSACTION_READ_COMMITTED,
        properties = "applicationName=baseline") // WildFly wants one
public final class Data extends PGSimpleDataSource {
    static final String NAME = "java:app/jdbc/baseline";
    private static final long serialVersionUID = 1;

    public Data() {
        super.setURL(System.getenv("BASELINE_JDBC_URL"));
        super.setUser("postgres");
        super.setPassword("postgres");
    }

    /// WildFly asks with no name.
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return user == null || user.isBlank() ? super.getConnection() : super.getConnection(user, password);
    }

    /// Servers set blank credentials on the data sources of an annotation.
    @Override
    public void setUser(@Nullable String user) {
        if (user != null && !user.isBlank()) super.setUser(user);
    }

    @Override
    public void setPassword(@Nullable String password) {
        if (password != null && !password.isBlank()) super.setPassword(password);
    }
}
