package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.testsupport.DurablePostgres;

@Timeout(60)
class MigrationsIT {
    @Test
    void instancesThatStartTogetherMigrateOnce() throws Exception {
        String url = DurablePostgres.shared().createDatabase("migrations");
        var connections = new Connections(PostgresSettings.of(url, DurablePostgres.USER, ""));
        var first = CompletableFuture.runAsync(() -> migrate(connections));
        var second = CompletableFuture.runAsync(() -> migrate(connections));

        CompletableFuture.allOf(first, second).get(50, TimeUnit.SECONDS);

        try (Connection connection = DurablePostgres.shared().connect("migrations");
                var row = connection
                        .createStatement()
                        .executeQuery(
                                "select count(*) from plumb.flyway_schema_history where type = 'SQL' and success")) {
            row.next();
            assertThat(row.getInt(1)).isPositive();
        }
    }

    @Test
    void sessionWithoutSynchronousCommitIsRefused() {
        String url = DurablePostgres.shared().url("postgres") + "?options=-c%20synchronous_commit=off";
        var connections = new Connections(PostgresSettings.of(url, DurablePostgres.USER, ""));

        assertThatThrownBy(() -> connections.open("test").close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("synchronous_commit");
    }

    @Test
    void sessionOfAnotherIsolationIsRefused() {
        String url = DurablePostgres.shared().url("postgres")
                + "?options=-c%20default_transaction_isolation=serializable%20-c%20synchronous_commit=on";
        var connections = new Connections(PostgresSettings.of(url, DurablePostgres.USER, ""));

        assertThatThrownBy(() -> connections.open("test").close()).hasMessageContaining("READ COMMITTED");
    }

    @Test
    void passwordIsNeverPrinted() {
        assertThat(PostgresSettings.of("jdbc:postgresql://x/y", "u", "secret").toString())
                .doesNotContain("secret");
    }

    private static void migrate(Connections connections) {
        new Migrations(connections, MigrationsIT.class.getClassLoader(), List.of("plumb")).run();
    }
}
