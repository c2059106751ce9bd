package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceInfo;
import plumb.ownership.LeaseTable.ClaimResult;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;

/// The order of versions is the order of commits: with a sequence, a late committer with a lower number would be missed
/// for ever.
@Timeout(60)
class RoutingVersionIT {
    private static PlumbDatabase database;
    private PostgresLeaseTable table;
    private PostgresLeaseTable reader;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("routing_version");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void open() throws SQLException {
        database.empty();
        table = new PostgresLeaseTable(database.patientConnections());
        reader = new PostgresLeaseTable(database.patientConnections());
    }

    @AfterEach
    void close() {
        table.close();
        reader.close();
    }

    @Test
    void lateCommitterOfALowerVersionIsNotMissed() throws Exception {
        table.createRanges(Ranges.DOMAIN, "UUID", 2);
        Incarnation me = table.register(new InstanceInfo("me", "http://me", "http://me", "1"), null);
        RangePage before = reader.rangesSince(0);
        int first = before.ranges().getFirst().range().value();

        try (Connection late = database.transaction()) {
            late.createStatement().execute("select from plumb.range_lease where range_id = " + first + " for update");
            long lower = RoutingVersion.touch(late, "late");
            var claim = CompletableFuture.supplyAsync(() -> table.claim(me, 1));
            database.awaitBlocked(Connections.nameOf(me));

            assertThat(reader.rangesSince(before.version()))
                    .isEqualTo(new RangePage(java.util.List.of(), before.version()));

            late.createStatement()
                    .execute("update plumb.range_lease set epoch = epoch + 1, ver = " + lower + " where range_id = "
                            + first);
            late.commit();
            assertThat(claim.get(10, TimeUnit.SECONDS)).isInstanceOf(ClaimResult.Granted.class);

            RangePage after = reader.rangesSince(before.version());
            assertThat(after.version()).isEqualTo(lower + 1);
            assertThat(after.ranges()).extracting(RangeRow::version).containsExactlyInAnyOrder(lower, lower + 1);
        }
    }

    /// A claim that has the global row waits for nobody's fence: it skips what is locked before it takes that row.
    @Test
    void fencedWriterNeverHoldsUpTheClaimOfAnotherRange() throws Exception {
        table.createRanges(Ranges.DOMAIN, "UUID", 2);
        Incarnation owner = table.register(new InstanceInfo("owner", "http://o", "http://o", "1"), null);
        var lease = ((ClaimResult.Granted) table.claim(owner, 1)).leases().getFirst();
        Incarnation me = table.register(new InstanceInfo("me", "http://me", "http://me", "1"), null);

        try (Connection writer = database.transaction()) {
            Fence.take(writer, java.util.List.of(lease.tenure()), owner);

            assertThat(((ClaimResult.Granted) table.claim(me, 2)).leases()).hasSize(1);
        }
    }
}
