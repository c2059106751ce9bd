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
        table = new PostgresLeaseTable(database.patientConnections());
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

    /// A second was not enough for ten thousand of them, however often that was tried again.
    @Test
    void manyRangesAreCreatedAlsoWhereThatTakesLongerThanAStatementMay() {
        var hasty = new Connections(database.connections().settings().withStatementTimeout(Duration.ofMillis(50)));
        try (var creator = new PostgresLeaseTable(hasty)) {
            creator.createRanges("customer", "UUID", 1_000);
        }

        assertThat(table.rangesSince(0).ranges()).hasSize(1_000);
    }

    @Test
    void whoLeavesFreesAllOfManyRanges() {
        table.createRanges("customer", "UUID", 1_200);
        Incarnation a = register("a");
        for (int portion = 0; portion < 3; portion++) table.claim(a, 400);

        table.release(a);

        assertThat(table.rangesSince(0).ranges())
                .hasSize(1_200)
                .allMatch(row -> row.owner() == null && row.epoch().value() == 2);
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
