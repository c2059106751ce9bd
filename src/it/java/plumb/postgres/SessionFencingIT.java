package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceInfo;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable.ClaimResult;

/// A stopped client's open transaction holds its fence, and would hold up the takeover for as long as it stands still.
@Timeout(60)
class SessionFencingIT {
    private static PlumbDatabase database;
    private PostgresLeaseTable frozenTable;
    private PostgresLeaseTable table;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("session_fencing");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void open() throws SQLException {
        database.empty();
        frozenTable = new PostgresLeaseTable(database.connections());
        table = new PostgresLeaseTable(database.connections());
    }

    @AfterEach
    void close() {
        frozenTable.close();
        table.close();
    }

    @Test
    void frozenOwnersTransactionIsEndedAndItsRangeClaimed() throws SQLException {
        table.createRanges(Ranges.DOMAIN, "UUID", 1);
        Incarnation frozen = frozenTable.register(info("frozen"), null);
        Lease lease = granted(frozenTable.claim(frozen, 1)).getFirst();
        Incarnation me = table.register(info("me"), null);
        // some pool's connection, which took the frozen one's name only with the fence
        try (Connection transaction = database.transaction()) {
            assertThat(Fence.take(transaction, List.of(lease.tenure()), frozen).tenures())
                    .containsExactly(lease.tenure());

            assertThat(table.declareDead(me, frozen, 0)).isTrue();

            List<Lease> taken = granted(table.claim(me, 1));
            assertThat(taken).extracting(Lease::range).containsExactly(lease.range());
            assertThatThrownBy(transaction::commit).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void rangeWhoseFenceIsHeldIsSkippedUntilThen() throws SQLException {
        table.createRanges(Ranges.DOMAIN, "UUID", 2);
        Incarnation frozen = frozenTable.register(info("frozen"), null);
        List<Lease> leases = granted(frozenTable.claim(frozen, 2));
        Incarnation me = table.register(info("me"), null);
        try (Connection transaction = database.transaction()) {
            Fence.take(transaction, List.of(leases.getFirst().tenure()), frozen);
            // the verdict alone, as if the sessions could not be ended
            database.execute(
                    "update plumb.instance set state = 'DEAD', dead_at = clock_timestamp() where instance_id = ?",
                    frozen.id());

            assertThat(granted(table.claim(me, 2)))
                    .extracting(Lease::range)
                    .containsExactly(leases.getLast().range());
        }
    }

    @Test
    void verdictOnOneLeavesTheSessionsOfOthers() throws SQLException {
        Incarnation frozen = frozenTable.register(info("frozen"), null);
        Incarnation bystander = frozenTable.register(info("bystander"), null);
        Incarnation me = table.register(info("me"), null);
        try (Connection theirs = database.connections().open(Connections.nameOf(bystander));
                Connection victims = database.connections().open(Connections.nameOf(frozen))) {
            table.declareDead(me, frozen, 0);

            assertThat(theirs.isValid(10)).isTrue();
            assertThat(victims.isValid(1)).isFalse();
        }
    }

    @Test
    void tablesOwnSessionsCarryTheNameOfTheirIncarnation() throws SQLException {
        Incarnation former = table.register(info("me"), null);
        Incarnation me = table.register(info("me"), former);
        table.instances();

        await("those of the test before end by themselves")
                .untilAsserted(() -> assertThat(database.query("select application_name from pg_stat_activity"
                                + " where datname = current_database() and application_name like 'plumb:%'"))
                        .isNotEmpty()
                        .containsOnly(Connections.nameOf(me)));
    }

    private static InstanceInfo info(String name) {
        return new InstanceInfo(name, "http://" + name, "http://" + name, "1");
    }

    private static List<Lease> granted(ClaimResult result) {
        return ((ClaimResult.Granted) result).leases();
    }
}
