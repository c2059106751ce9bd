package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.balance.Budget;
import plumb.balance.Plan;
import plumb.balance.Planner;
import plumb.balance.PlannerSettings;
import plumb.balance.Snapshot;
import plumb.keyspace.Incarnation;
import plumb.ownership.Decision;
import plumb.ownership.InstanceInfo;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable.ClaimResult.Granted;
import plumb.ownership.RangeRow;
import plumb.postgres.BalanceRounds;
import plumb.postgres.ChoreLocks;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresSettings;
import plumb.postgres.RangeLoads;
import plumb.testsupport.DurablePostgres;

/// Rounds of balancing over the real tables: two instances, of which one has eight ranges and the other none.
class BalancingIT {
    private static final int RANGES = 8;
    private static final Planner PLANNER = new Planner(PlannerSettings.defaults(), 4);

    private final String database = "balancing" + System.nanoTime();
    private final Connections connections =
            new Connections(PostgresSettings.of(DurablePostgres.shared().url(database), DurablePostgres.USER, ""));
    private final RangeLoads loads = new RangeLoads(connections);
    private final BalanceRounds rounds = new BalanceRounds(connections);
    private final Threads threads = new Threads(BalancingIT.class.getClassLoader());
    private final List<Balancing> made = new ArrayList<>();
    private PostgresLeaseTable table;
    private Incarnation full;
    private Incarnation empty;
    private List<Lease> leases;

    @BeforeEach
    void begin() throws Exception {
        DurablePostgres.shared().createDatabase(database);
        new Migrations(connections, BalancingIT.class.getClassLoader(), List.of("plumb")).run();
        table = new PostgresLeaseTable(connections);
        table.createRanges("customer", "UUID", RANGES);
        full = table.register(info("full"), null);
        leases = ((Granted) table.claim(full, RANGES)).leases();
        empty = table.register(info("empty"), null);
        execute("update plumb.instance set started_at = clock_timestamp() - interval '1 hour'");
    }

    @AfterEach
    void end() {
        made.forEach(Balancing::close);
        table.close();
    }

    private static InstanceInfo info(String name) {
        return new InstanceInfo(name, "http://" + name, "http://" + name, "1");
    }

    private Balancing balancing(String name) {
        var balancing = new Balancing(
                name,
                new DefaultLockingTaskExecutor(new ChoreLocks(connections, "an instance")),
                table,
                () -> Optional.of(full),
                table::instances,
                List::of,
                loads,
                rounds,
                PLANNER,
                new BalanceSettings(
                        true,
                        Duration.ofSeconds(1),
                        PlannerSettings.defaults(),
                        new Budget(60, 0, 2),
                        Duration.ofSeconds(15)),
                threads);
        made.add(balancing);
        return balancing;
    }

    /// @param heavy what the first range costs; the others cost a tenth
    private void measured(double heavy, RangeLoads.HotKey... hot) {
        loads.publish(
                full,
                leases.stream()
                        .map(lease -> {
                            boolean first = lease.equals(leases.getFirst());
                            return new RangeLoads.Measured(
                                    lease.tenure(),
                                    first ? heavy : heavy / 10,
                                    0,
                                    100,
                                    first ? List.of(hot) : List.of());
                        })
                        .toList());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connections.open("test")) {
            connection.createStatement().execute(sql);
        }
    }

    private List<RangeRow> wished() {
        return table.rangesSince(0).ranges().stream().filter(RangeRow::isWished).toList();
    }

    @Test
    void whoHasNothingIsGivenItsPartByWishes() {
        measured(0.1);

        balancing("a").round();

        assertThat(wished()).anyMatch(row -> empty.equals(row.target()));
    }

    /// Nobody waits for figures where there is nothing to measure, nor until a newcomer is warm.
    @Test
    void aNewClusterIsSpreadByNumberAtOnce() throws Exception {
        execute("update plumb.instance set started_at = clock_timestamp()");

        balancing("a").round();

        assertThat(wished()).hasSize(RANGES / 2).allMatch(row -> empty.equals(row.target()));
    }

    @Test
    void aSnapshotThatWasRecordedGivesTheSamePlanAgain() throws Exception {
        measured(0.4, new RangeLoads.HotKey("7b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e", 0.8));
        var balancing = balancing("a");
        Snapshot looked = balancing.look().snapshot();
        assertThat(RecordedSnapshot.read(RecordedSnapshot.write(looked))).isEqualTo(looked);

        balancing.round();

        Plan plan = balancing.stats().last();
        Snapshot recorded;
        try (Connection connection = connections.open("test");
                var row = connection.createStatement().executeQuery("select snapshot from plumb.balance_round")) {
            assertThat(row.next()).isTrue();
            recorded = RecordedSnapshot.read(row.getString(1));
        }
        assertThat(PLANNER.plan(recorded)).isEqualTo(plan);
    }

    @Test
    void whatWasSpentCounts() {
        measured(0.1);
        balancing("a").round();
        int moves = (int) wished().stream().filter(row -> row.target() != null).count();

        assertThat(rounds.start(Duration.ofSeconds(15)).spent().moves()).isEqualTo(moves);
        assertThat(rounds.start(Duration.ofSeconds(15)).members())
                .extracting(Snapshot.Member::name)
                .contains("full", "empty");
    }

    @Test
    void nothingIsPlannedBlindOrWhilePausedOrDuringARollout() throws Exception {
        measured(0.1);
        execute("update plumb.range_load set at = at - interval '1 hour'");
        balancing("a").round();
        assertThat(balancing("a").look().held()).contains("measured");
        assertThat(wished()).isEmpty();
        measured(0.1);
        assertThat(balancing("a").look().held()).isNull();

        rounds.pause(new Decision("ann", "maintenance"));
        balancing("a").round();
        assertThat(balancing("b").look().held()).isEqualTo("paused ann: maintenance");
        assertThat(wished()).isEmpty();

        assertThat(rounds.resume(new Decision("ann", "done"))).isTrue();
        assertThat(rounds.resume(new Decision("ann", "done"))).isFalse();
        assertThat(balancing("a").look().held()).isNull();
        table.register(new InstanceInfo("new", "http://new", "http://new", "2"), null);
        balancing("a").round();
        assertThat(balancing("a").look().held()).contains("rolled out");
        assertThat(wished()).isEmpty();
    }

    /// A range that was split or moved since it was planned is left alone.
    @Test
    void whatTheDatabaseRefusesIsCountedAndNothingElse() {
        measured(0.1);
        var balancing = balancing("a");
        for (Lease lease : leases)
            table.wish(
                    lease.range(),
                    lease.epoch(),
                    new plumb.ownership.Wish.Split(
                            (lease.keys().lo() + lease.keys().hi()) / 2),
                    new plumb.ownership.Decision("test", "first"));

        balancing.round();

        assertThat(wished()).hasSize(RANGES).allMatch(row -> row.target() == null);
    }

    /// Any instance runs the round; who had the lock and is gone stops nothing.
    @Test
    void noInstanceIsSpecial() {
        measured(0.1);
        var first = balancing("a");
        var second = balancing("b");
        first.start(true);
        await().atMost(Duration.ofSeconds(30)).until(() -> first.stats().rounds() > 0);
        first.close();

        second.start(true);

        await().atMost(Duration.ofSeconds(30)).until(() -> second.stats().rounds() > 0);
    }

    /// Whoever leaves in the middle of a round ends it, and the others need not wait until its lock is over.
    @Test
    void whoLeavesGivesTheLockBack() throws Exception {
        measured(0.1);
        var first = balancing("a");
        var closing = new Thread(first::close);
        String url = DurablePostgres.shared().url(database);
        try (Connection other = DriverManager.getConnection(url, DurablePostgres.USER, "")) { // may be idle for long
            other.setAutoCommit(false);
            other.createStatement().execute("lock table plumb.balance_pause in access exclusive mode");
            first.start(true);
            await("in the middle of a round")
                    .until(() -> isOne("select count(*) from pg_stat_activity"
                            + " where datname = current_database() and wait_event_type = 'Lock'"));
            closing.start();
            await().until(() ->
                    Set.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED).contains(closing.getState()));
        }
        closing.join();

        await("not locked for the longest time")
                .until(() -> isOne("select count(*) from plumb.shedlock"
                        + " where name = 'balance' and lock_until < clock_timestamp() + interval '30 seconds'"));
    }

    private boolean isOne(String count) throws SQLException {
        try (Connection connection = connections.open("test");
                var row = connection.createStatement().executeQuery(count)) {
            return row.next() && row.getInt(1) == 1;
        }
    }
}
