package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.Heartbeat.Renewal;
import plumb.ownership.InstanceInfo;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable.ClaimResult;
import plumb.postgres.TransactionStatus.State;
import plumb.testsupport.DurablePostgres;

/// A replica that lags behind is promoted: commits, among them grants, have never happened. Or the server crashes, and
/// what it had not written yet has never happened.
@Timeout(180)
class FailoverIT {
    private static final Duration TTL = Duration.ofSeconds(10);

    /// A second session sees this and waits: the interval between primary and replica is nobody's business here.
    private static final Duration SOON = Duration.ofSeconds(20);

    private final DurablePostgres primary = DurablePostgres.start();
    private PlumbDatabase before;
    private Lease first;

    @BeforeEach
    void owned() throws SQLException {
        before = PlumbDatabase.migrated(primary, "failover");
        before.execute("create table effects (id text primary key, range_id int, epoch bigint, amount int)");
        try (var table = new PostgresLeaseTable(before.connections())) {
            table.createRanges("customer", "UUID", 1);
            first = claimed(table, registered(table, "a"));
        }
    }

    @AfterEach
    void stop() throws SQLException {
        before.close();
        primary.close();
    }

    private static Incarnation registered(PostgresLeaseTable table, String name) {
        return table.register(new InstanceInfo(name, "http://x", "http://x", "1"), null);
    }

    private static Lease claimed(PostgresLeaseTable table, Incarnation me) {
        var granted = (ClaimResult.Granted) table.claim(me, 1);
        return granted.leases().getFirst();
    }

    private static Attempt write(PlumbDatabase database, Tenure tenure, String id) {
        var effect = new FencedStoreFixture.Effect(id, 1);
        try (var store = new PostgresFencedStore(database.connections())) {
            return store.commit(List.of(new Unit(tenure, List.of(new Write(FencedStoreFixture.INSERT, effect)))));
        }
    }

    private static void awaitCaughtUp(DurablePostgres standby, String sql, String expected) {
        await().atMost(SOON).ignoreExceptions().until(() -> {
            try (var there = PlumbDatabase.of(standby, "failover")) {
                return there.query(sql).equals(List.of(expected));
            }
        });
    }

    @Test
    void nobodyOfTheForgottenHistoryWritesAnyMore() throws Exception {
        try (DurablePostgres standby = primary.standby()) {
            awaitCaughtUp(standby, "select epoch from plumb.range_lease", "1");
            standby.cutOff();
            Lease second;
            String xid;
            try (var table = new PostgresLeaseTable(before.connections())) {
                Incarnation b = registered(table, "b");
                assertThat(table.declareDead(b, first.owner(), 0)).isTrue();
                second = claimed(table, b);
                assertThat(write(before, second.tenure(), "lost")).isEqualTo(new Attempt.Applied(Set.of()));
                xid = before.query("select xmin::text from effects").getFirst();
            }
            primary.stop();
            standby.promote();

            try (var after = PlumbDatabase.of(standby, "failover")) {
                assertThat(after.query("select owner from plumb.range_lease"))
                        .as("the row is back at the first owner")
                        .containsExactly(first.owner().toString());
                try (Connection naive = after.transaction()) {
                    String withoutHistory = Fence.SQL.replace("and i.lineage = (select plumb.lineage())", "");
                    assertThat(Fence.take(naive, withoutHistory, List.of(first.tenure()), first.owner())
                                    .tenures())
                            .as("a fence on owner and epoch alone lets a forgotten owner pass")
                            .containsExactly(first.tenure());
                }
                refused(after, first.tenure());
                refused(after, second.tenure());
                try (var heartbeat = new PostgresHeartbeat(after.connections(), TTL);
                        var table = new PostgresLeaseTable(after.connections())) {
                    assertThat(heartbeat.renew(first.owner(), 0))
                            .isInstanceOfSatisfying(
                                    Renewal.Lost.class,
                                    lost -> assertThat(lost.cause()).contains("history changed"));
                    assertThat(table.claim(first.owner(), 1)).isInstanceOf(ClaimResult.Fenced.class);
                    assertThat(table.selfClaim(first.owner(), Set.of(first.tenure())))
                            .isEmpty();
                    assertThat(new TransactionStatus(after.connections()).of(xid, second.owner()))
                            .isEqualTo(State.UNKNOWN);

                    Incarnation again =
                            table.register(new InstanceInfo("a", "http://x", "http://x", "1"), first.owner());
                    Lease third = claimed(table, again);
                    assertThat(third.epoch())
                            .as("granted before, in the forgotten history")
                            .isEqualTo(second.epoch());
                    refused(after, new Tenure(third.range(), third.epoch(), second.owner()));
                    assertThat(write(after, third.tenure(), "kept")).isEqualTo(new Attempt.Applied(Set.of()));
                }
                assertThat(after.query("select id from effects")).containsExactly("kept");
            }
        }
    }

    @Test
    void aTransactionThatACrashForgotIsNotTakenForTheOneThatGetsItsNumber() throws Exception {
        primary.execute("alter system set wal_writer_delay = '10s'"); // or its beginning may be kept
        primary.execute("select pg_reload_conf()");
        String lost;
        try (Connection beginning = before.transaction();
                var statement = beginning.createStatement()) {
            lost = Fence.take(beginning, List.of(first.tenure()), first.owner()).xid();
            statement.execute("insert into effects values ('lost')");
            primary.crash();
        }
        primary.restart();

        try (var after = PlumbDatabase.of(primary, "failover")) {
            assertThat(write(after, first.tenure(), "next")).isEqualTo(new Attempt.Applied(Set.of()));

            assertThat(after.query("select pg_xact_status(split_part(?, '@', 1)::xid8)", lost))
                    .as("by its number alone")
                    .containsExactly("committed");
            assertThat(new TransactionStatus(after.connections()).of(lost, first.owner()))
                    .isEqualTo(State.UNKNOWN);
            assertThat(after.query("select id from effects")).containsExactly("next");
        }
    }

    @Test
    void whatASynchronousStandbyAcknowledgedIsKept() throws Exception {
        try (DurablePostgres standby = primary.standby()) {
            awaitCaughtUp(standby, "select epoch from plumb.range_lease", "1");
            primary.execute("alter system set synchronous_standby_names = 'standby'");
            primary.execute("select pg_reload_conf()");
            await().atMost(SOON)
                    .until(() -> before.query("select sync_state from pg_stat_replication"), List.of("sync")::equals);

            assertThat(write(before, first.tenure(), "acknowledged")).isEqualTo(new Attempt.Applied(Set.of()));
            primary.stop();
            standby.promote();

            try (var after = PlumbDatabase.of(standby, "failover")) {
                assertThat(after.query("select id from effects")).containsExactly("acknowledged");
                refused(after, first.tenure());
            }
        }
    }

    private static void refused(PlumbDatabase database, Tenure tenure) {
        assertThat(write(database, tenure, "stale")).isEqualTo(new Attempt.Applied(Set.of(tenure)));
    }
}
