package plumb.runtime;

import jakarta.annotation.sql.DataSourceDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import plumb.postgres.CertainCommit;
import plumb.postgres.LastingConnection;

/// The container's data source, `java:app/jdbc/plumb`: not XA, because the fence and the writes of one transaction must
/// be on one physical connection. It reads its address from the settings, so that one WAR runs on every server
/// unchanged.
@DataSourceDefinition(
        name = "java:app/jdbc/plumb",
        className = "plumb.runtime.PlumbDataSource",
        minPoolSize = 2,
        maxPoolSize = 20,
        maxIdleTime = 60,
        isolationLevel = Connection.TRANSACTION_READ_COMMITTED,
        properties = "applicationName=plumb pool") // WildFly wants one, and knows texts only
public final class PlumbDataSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;
    private static final LastingConnection.Pool POOL = new LastingConnection.Pool(System::nanoTime);

    public PlumbDataSource() {
        Settings.Jdbc jdbc = Settings.jdbc(ConfigProvider.getConfig());
        super.setURL(jdbc.url());
        super.setUser(jdbc.user());
        super.setPassword(jdbc.password());
        setTcpKeepAlive(true);
        setConnectTimeout(2);
        setSocketTimeout(15); // longer than any statement may take: then nobody is there any more
        // a frozen client's open transaction must not hold a fence for ever
        setOptions("-c default_transaction_isolation=read\\ committed"
                + " -c idle_in_transaction_session_timeout=5000 -c statement_timeout=10000 -c lock_timeout=2000");
    }

    /// With a commit that says so if it is not certain, and living as long as the pool keeps it: when the database has
    /// been restarted, no load should find one dead connection after the other.
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        boolean ours = user == null || user.isBlank();
        String name = ours ? getUser() : user;
        String secret = ours ? getPassword() : password;
        return CertainCommit.of(LastingConnection.of(() -> super.getConnection(name, secret), POOL));
    }

    /// Servers set blank credentials on the data sources of an annotation, or connect with such; ours come from the
    /// settings.
    @Override
    public void setUser(@Nullable String user) {
        if (user != null && !user.isBlank()) super.setUser(user);
    }

    /// As [#setUser].
    @Override
    public void setPassword(@Nullable String password) {
        if (password != null && !password.isBlank()) super.setPassword(password);
    }
}
