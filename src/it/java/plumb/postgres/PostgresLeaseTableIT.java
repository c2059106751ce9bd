package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;
import plumb.ownership.Heartbeat;
import plumb.ownership.InstanceInfo;
import plumb.ownership.LeaseTable;
import plumb.ownership.LeaseTableContract;

/// The contract that the in-memory twin passes too.
class PostgresLeaseTableIT extends LeaseTableContract {
    private static PlumbDatabase database;
    private PostgresLeaseTable table;
    private PostgresHeartbeat heartbeat;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("lease_table");
    }

    @BeforeEach
    void open() throws SQLException {
        database.empty();
        table = new PostgresLeaseTable(database.connections());
        heartbeat = new PostgresHeartbeat(database.connections(), Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        table.close();
        heartbeat.close();
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    /// As behind a pooler that hides whose sessions there are. The table acts as whoever registered last.
    @Test
    void whoDoesNotSeeItselfConfirmsNoDeath() {
        Incarnation a = register("a");
        Incarnation hidden = register("b");
        Incarnation seen = register("c");

        assertThat(table.confirmDead(hidden, a, 0)).isFalse();
        assertThat(table.confirmDead(seen, a, 0)).isTrue();
    }

    private Incarnation register(String name) {
        return table.register(new InstanceInfo(name, "http://x", "http://x", "1"), null);
    }

    @Override
    protected LeaseTable table() {
        return table;
    }

    @Override
    protected Heartbeat heartbeat() {
        return heartbeat;
    }
}
