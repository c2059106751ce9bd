package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.Heartbeat.Renewal.Renewed;
import plumb.ownership.LeaseTableException;

/// Busy must never look dead.
@Timeout(60)
class PostgresHeartbeatIT {
    private static PlumbDatabase database;
    private PostgresHeartbeat heartbeat;
    private Incarnation me;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("heartbeat");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void register() throws SQLException {
        database.empty();
        me = Ranges.instance(database, "me");
        heartbeat = new PostgresHeartbeat(database.connections(), Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        heartbeat.close();
    }

    @Test
    void renewalWaitsForNoOwnershipChangeAndNoFence() throws SQLException {
        int range = Ranges.one(database, me, 1);
        try (Connection writer = database.transaction();
                Connection mover = database.transaction()) {
            Fence.take(writer, List.of(new Tenure(new RangeId(range), new Epoch(1), me)), me);
            RoutingVersion.touch(mover, "move");
            // a new reference to the own row, as a claim or an offer makes one
            mover.createStatement()
                    .execute("insert into plumb.domain (name, key_type, slot_function) values ('pizzeria', 'UUID', 1)");
            mover.createStatement()
                    .execute(
                            "insert into plumb.range_lease (domain, lo, hi, owner) values ('pizzeria', 0, 4294967296, '"
                                    + me + "')");

            assertThat(heartbeat.renew(me, 0)).isInstanceOf(Renewed.class);
        }
    }

    @Test
    void connectionCutWhileIdleCostsNoRenewal() throws SQLException {
        heartbeat.renew(me, 0);
        terminate();

        assertThat(heartbeat.renew(me, 1)).isEqualTo(new Renewed(2, version(), false));
    }

    @Test
    void answerThatDoesNotComeIsAnExceptionWithinTheTimeOut() throws SQLException {
        heartbeat.renew(me, 0);
        try (Connection blocker = database.transaction()) {
            blocker.createStatement().execute("select from plumb.instance for update");

            assertThatThrownBy(() -> heartbeat.renew(me, 1)).isInstanceOf(LeaseTableException.class);
        }
        assertThat(heartbeat.renew(me, 1)).isEqualTo(new Renewed(2, version(), false));
    }

    @Test
    void sessionCarriesTheNameOfTheLifeThatRenews() throws SQLException {
        heartbeat.renew(me, 0);
        Incarnation next = Ranges.instance(database, "me");
        heartbeat.renew(next, 0);

        await("the former session ends by itself")
                .until(() -> database.query(
                                "select application_name from pg_stat_activity where datname = current_database()"
                                        + " and application_name like 'plumb:%'")
                        .equals(List.of(Connections.nameOf(next))));
    }

    private void terminate() throws SQLException {
        database.query(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = ?",
                Connections.nameOf(me));
    }

    private static long version() throws SQLException {
        return Long.parseLong(
                database.query("select v from plumb.routing_version").getFirst());
    }
}
