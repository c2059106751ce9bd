package plumb.postgres;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import plumb.ownership.Heartbeat;
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

    @Override
    protected LeaseTable table() {
        return table;
    }

    @Override
    protected Heartbeat heartbeat() {
        return heartbeat;
    }
}
