package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;

/// What the database itself refuses, whoever asks.
class RangeRulesIT {
    private static final String HALF = "2147483648";
    private static PlumbDatabase database;
    private Connection session;
    private Incarnation owner;
    private Incarnation other;
    private int low;
    private int high;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("range_rules");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void twoHalves() throws SQLException {
        database.empty();
        owner = Ranges.instance(database, "owner");
        other = Ranges.instance(database, "other");
        low = Ranges.one(database, owner, 1);
        session = database.transaction();
        run("update plumb.range_lease set hi = " + HALF + ", epoch = 2 where range_id = " + low);
        run("insert into plumb.range_lease (domain, lo, hi, owner, epoch) select domain, hi, 4294967296, owner, 2"
                + " from plumb.range_lease");
        session.commit();
        high = Integer.parseInt(
                database.query("select max(range_id) from plumb.range_lease").getFirst());
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
    }

    @Test
    void splitAndMergeAreAllowed() throws SQLException {
        run("set local plumb.reason = 'merge'");
        run("delete from plumb.range_lease where range_id = " + high);
        run("update plumb.range_lease set hi = 4294967296, epoch = 3 where range_id = " + low);
        session.commit();

        assertThat(database.query("select count(*) from plumb.range_lease")).containsExactly("1");
    }

    @Test
    void overlapIsRefusedAtCommit() throws SQLException {
        run("update plumb.range_lease set hi = hi + 1, epoch = epoch + 1 where range_id = " + low);

        assertRefusedAtCommit("range_lease_no_overlap");
    }

    @Test
    void holeBetweenRangesIsRefusedAtCommit() throws SQLException {
        run("update plumb.range_lease set hi = hi - 1, epoch = epoch + 1 where range_id = " + low);

        assertRefusedAtCommit("slot 2147483647 has no range");
    }

    @Test
    void holeBeforeARangeThatBeginsLaterIsRefusedAtCommit() throws SQLException {
        run("update plumb.range_lease set lo = lo + 1, epoch = epoch + 1 where range_id = " + high);

        assertRefusedAtCommit("slot 2147483648 has no range");
    }

    @Test
    void holeAtTheLowEndIsRefusedAtCommit() throws SQLException {
        run("delete from plumb.range_lease where range_id = " + low);

        assertRefusedAtCommit("slot 0 has no range");
    }

    @Test
    void holeAtTheHighEndIsRefusedAtCommit() throws SQLException {
        run("update plumb.range_lease set hi = hi - 1, epoch = epoch + 1 where range_id = " + high);

        assertRefusedAtCommit("slot 4294967295 has no range");
    }

    @Test
    void domainThatBeginsWithAHoleIsRefusedAtCommit() throws SQLException {
        run("insert into plumb.domain (name, key_type, slot_function) values ('pizzeria', 'UUID', 1)");
        run("insert into plumb.range_lease (domain, lo, hi) values ('pizzeria', 10, 4294967296)");

        assertRefusedAtCommit("domain pizzeria: slot 9 has no range");
    }

    @Test
    void removingEveryRangeOfADomainIsRefusedAtCommit() throws SQLException {
        run("delete from plumb.range_lease");

        assertRefusedAtCommit("has no range");
    }

    @Test
    void domainGoesWithAllItsRanges() throws SQLException {
        run("delete from plumb.range_lease");
        run("delete from plumb.domain");
        session.commit();

        assertThat(database.query("select 1 from plumb.range_lease")).isEmpty();
    }

    @Test
    void boundsOutsideTheSlotSpaceAreRefused() {
        assertRefused("update plumb.range_lease set hi = hi + 1, epoch = epoch + 1 where range_id = " + high);
        assertRefused("update plumb.range_lease set lo = -1, epoch = epoch + 1 where range_id = " + low);
        assertRefused("update plumb.range_lease set lo = hi, epoch = epoch + 1 where range_id = " + low);
    }

    @Test
    void changeOfOwnerWithoutAnEpochIsRefused() {
        assertRefused("update plumb.range_lease set owner = '" + other + "' where range_id = " + low);
        assertRefused("update plumb.range_lease set owner = null where range_id = " + low);
    }

    @Test
    void changeOfBoundsWithoutAnEpochIsRefused() {
        assertRefused("update plumb.range_lease set hi = hi - 1 where range_id = " + low);
        assertRefused("update plumb.range_lease set lo = lo + 1 where range_id = " + high);
    }

    @Test
    void epochNeverFalls() {
        assertRefused("update plumb.range_lease set epoch = epoch - 1 where range_id = " + low);
        assertRefused(
                "update plumb.range_lease set epoch = epoch - 1, owner = '" + other + "' where range_id = " + low);
    }

    @Test
    void rangeKeepsItsIdAndDomain() {
        assertRefused("update plumb.range_lease set range_id = 4711, epoch = epoch + 1 where range_id = " + low);
        assertRefused("update plumb.range_lease set domain = 'pizzeria', epoch = epoch + 1 where range_id = " + low);
    }

    @Test
    void offerNeedsNoEpoch() throws SQLException {
        run("update plumb.range_lease set target = '" + other + "' where range_id = " + low);
        session.commit();

        assertThat(database.query("select epoch from plumb.lease_history where range_id = ? order by epoch", low))
                .containsExactly("1", "2");
    }

    @Test
    void everyEpochIsCopiedToTheHistoryWithItsReason() throws SQLException {
        run("set local plumb.reason = 'claim'");
        run("update plumb.range_lease set owner = '" + other + "', epoch = epoch + 1 where range_id = " + low);
        session.commit();

        assertThat(database.query(
                        "select concat_ws(' ', epoch, owner, prev_owner, reason) from plumb.lease_history"
                                + " where range_id = ? and epoch = 3",
                        low))
                .containsExactly("3 " + other + " " + owner + " claim");
    }

    @Test
    void rangeThatGoesAwayEndsItsLastEpochInTheHistory() throws SQLException {
        splitAndMergeAreAllowed();

        assertThat(database.query(
                        "select concat_ws(' ', epoch, owner, reason) from plumb.lease_history where range_id = ? and epoch = 3",
                        high))
                .containsExactly("3 merge");
    }

    /// Under another search path an unqualified name in a trigger finds nothing, or somebody else's table.
    @Test
    void triggersDoNotDependOnTheSearchPath() throws SQLException {
        database.execute("create schema if not exists trap");
        database.execute("create table if not exists trap.lease_history (like plumb.lease_history)");
        database.execute("create table if not exists trap.routing_version (v bigint)");
        run("set search_path = trap, pg_temp");
        run("create temporary table range_lease (like plumb.range_lease) on commit drop");
        run("update plumb.range_lease set hi = hi - 1, epoch = epoch + 1 where range_id = " + low);
        assertRefusedAtCommit("slot 2147483647 has no range");

        run("set search_path = trap, pg_temp");
        run("update plumb.range_lease set owner = '" + other + "', epoch = epoch + 1 where range_id = " + low);
        session.commit();

        assertThat(database.query("select 1 from trap.lease_history")).isEmpty();
        assertThat(database.query("select 1 from plumb.lease_history where range_id = ? and epoch = 3", low))
                .hasSize(1);
    }

    private void run(String sql) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private void assertRefused(String sql) {
        assertThatThrownBy(() -> run(sql))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).startsWith("23"));
        Quietly.rollback(session);
    }

    private void assertRefusedAtCommit(String reason) {
        assertThatThrownBy(session::commit).hasMessageContaining(reason);
        Quietly.rollback(session);
    }
}
