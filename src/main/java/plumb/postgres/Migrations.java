package plumb.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.flywaydb.core.Flyway;
import plumb.ownership.LeaseTableException;

/// Brings the schemas up to date: one Flyway run, schema and history per folder of `db/migration`. Instances that
/// start together wait for each other on Flyway's lock.
public final class Migrations {
    private static final System.Logger LOG = System.getLogger(Migrations.class.getName());
    private static final int OLDEST_POSTGRES = 15;
    private static final String OWN = "plumb";

    private final Connections connections;
    private final ClassLoader classLoader;
    private final Set<String> folders;

    /// @param connections only their address is used: a migration may take longer than a time-out
    /// @param classLoader the application's: finds the scripts
    /// @param folders under `db/migration`; each is the name of its schema too. `plumb` runs first, named or not
    public Migrations(Connections connections, ClassLoader classLoader, List<String> folders) {
        this.connections = connections;
        this.classLoader = classLoader;
        this.folders = new LinkedHashSet<>();
        this.folders.add(OWN);
        this.folders.addAll(folders);
    }

    /// Blocks until all is done.
    ///
    /// @throws IllegalStateException if the server is too old, or a session does not get what the protocol needs
    public void run() {
        refuseUnfitServer();
        for (String folder : folders) {
            PostgresSettings settings = connections.settings();
            int scripts = Flyway.configure(classLoader)
                    .dataSource(settings.url(), settings.user(), settings.password())
                    .locations("classpath:db/migration/" + folder)
                    .schemas(folder)
                    .defaultSchema(folder)
                    .createSchemas(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
            String executed = Integer.toString(scripts);
            LOG.log(System.Logger.Level.INFO, () -> "schema " + folder + ": " + executed + " migrations");
        }
    }

    private void refuseUnfitServer() {
        try (Connection connection = connections.open("plumb migrations")) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_POSTGRES)
                throw new IllegalStateException(
                        "Postgres " + OLDEST_POSTGRES + " or newer is needed, this is " + version);
        } catch (SQLException e) {
            throw new LeaseTableException("cannot migrate: " + e.getMessage(), e);
        }
    }
}
