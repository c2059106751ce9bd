package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// Real sessions, step by step. What the production fences refuse, weaker ones must let slip: else these tests see
/// nothing. The weak ones are the production text with the lock weakened or taken out.
@Timeout(60)
class FenceInterleavingIT {
    /// The epoch of a row that was committed after the epoch had ended.
    private static final String SLIPPED = """
            select o.id from effects o
             cross join lateral (select min(h.at) as ended from plumb.lease_history h
                                  where h.range_id = o.range_id and h.epoch > o.epoch) h
             where pg_xact_commit_timestamp(o.xmin) > h.ended""";

    private static PlumbDatabase database;
    private final ExecutorService background = Executors.newCachedThreadPool();
    private Connection writer;
    private Connection taker;
    private Tenure held;
    private Incarnation successor;

    /// A fence before the writes of a transaction.
    private enum Fencing {
        LANE(Fence.SQL),
        ONE_TENURE(FenceSql.ONE_TENURE),
        KEY_SHARE(Fence.SQL.replace("for share of r", "for key share of r")),
        NO_LOCK(Fence.SQL.replace("for share of r", "")),
        ONE_TENURE_KEY_SHARE(FenceSql.ONE_TENURE.replace("for share", "for key share"));

        private final String sql;

        Fencing(String sql) {
            this.sql = sql;
        }

        boolean take(Connection transaction, Tenure tenure) throws SQLException {
            return sql.contains("?1")
                    ? takeOne(transaction, tenure)
                    : Fence.take(transaction, sql, List.of(tenure), tenure.owner())
                            .tenures()
                            .contains(tenure);
        }

        private boolean takeOne(Connection transaction, Tenure tenure) throws SQLException {
            try (PreparedStatement fence = transaction.prepareStatement(sql.replaceAll("\\?\\d", "?"))) {
                fence.setString(1, Connections.nameOf(tenure.owner()));
                fence.setInt(2, tenure.range().value());
                fence.setString(3, tenure.owner().toString());
                fence.setLong(4, tenure.epoch().value());
                return fence.executeQuery().next();
            }
        }
    }

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("fence_interleaving");
        database.execute("create table effects (id text primary key, range_id int not null, epoch bigint not null)");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void oneOwnedRange() throws SQLException {
        database.empty();
        database.execute("truncate effects");
        var owner = Ranges.instance(database, "owner");
        successor = Ranges.instance(database, "successor");
        held = new Tenure(new RangeId(Ranges.one(database, owner, 1)), new Epoch(1), owner);
        writer = database.transaction();
        taker = database.transaction();
    }

    @AfterEach
    void end() throws SQLException {
        writer.close();
        taker.close();
        background.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(names = {"LANE", "ONE_TENURE"})
    void takeoverWaitsForAWriterThatStallsAfterItsFence(Fencing fencing) throws Exception {
        assertThat(fencing.take(writer, held)).isTrue();

        Future<Integer> takeover = start(this::takeOver);
        database.awaitBlocked(PlumbDatabase.pid(taker));
        write(writer, "stalled");
        writer.commit();

        assertThat(takeover.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(slipped()).isEmpty();
        assertThat(fencing.take(writer, held)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_SHARE", "NO_LOCK", "ONE_TENURE_KEY_SHARE"})
    void behindAWeakFenceAWriterThatStallsSlips(Fencing fencing) throws Exception {
        assertThat(fencing.take(writer, held)).isTrue();

        assertThat(takeOver()).isEqualTo(1);
        write(writer, "stalled");
        writer.commit();

        assertThat(slipped()).containsExactly("stalled");
    }

    @ParameterizedTest
    @EnumSource(names = {"LANE", "ONE_TENURE"})
    void writerThatMeetsAnUncommittedTakeoverWaitsAndIsRefused(Fencing fencing) throws Exception {
        update(taker);

        Future<Boolean> fenced = start(() -> fencing.take(writer, held));
        database.awaitBlocked(PlumbDatabase.pid(writer));
        taker.commit();

        assertThat(fenced.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"LANE", "ONE_TENURE"})
    void writerThatMeetsATakeoverWhichIsRolledBackGoesOn(Fencing fencing) throws Exception {
        update(taker);

        Future<Boolean> fenced = start(() -> fencing.take(writer, held));
        database.awaitBlocked(PlumbDatabase.pid(writer));
        taker.rollback();

        assertThat(fenced.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_SHARE", "NO_LOCK", "ONE_TENURE_KEY_SHARE"})
    void behindAWeakFenceAWriterThatMeetsAnUncommittedTakeoverSlips(Fencing fencing) throws Exception {
        update(taker);

        assertThat(fencing.take(writer, held)).isTrue();
        taker.commit();
        write(writer, "met");
        writer.commit();

        assertThat(slipped()).containsExactly("met");
    }

    /// The writing statement itself is held up inside the server, by an advisory lock of a third session.
    @ParameterizedTest
    @EnumSource(names = {"LANE", "ONE_TENURE"})
    void takeoverWaitsForAStatementThatIsDelayedInsideTheServer(Fencing fencing) throws Exception {
        try (Connection delay = database.transaction()) {
            delay.createStatement().execute("select pg_advisory_xact_lock(7)");
            assertThat(fencing.take(writer, held)).isTrue();
            Future<Integer> written = start(() -> {
                int rows = writeDelayed(writer, "");
                writer.commit();
                return rows;
            });
            database.awaitBlocked(PlumbDatabase.pid(writer));

            Future<Integer> takeover = start(this::takeOver);
            database.awaitBlocked(PlumbDatabase.pid(taker));
            delay.commit();

            assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(takeover.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(slipped()).isEmpty();
        }
    }

    /// Fence and write in one autocommit statement, held up between the two.
    @ParameterizedTest
    @ValueSource(strings = {"", "for key share"})
    void behindAWeakFenceEvenOneStatementSlips(String lock) throws Exception {
        writer.setAutoCommit(true);
        try (Connection delay = database.transaction()) {
            delay.createStatement().execute("select pg_advisory_xact_lock(7)");
            Future<Integer> written = start(() -> writeDelayed(writer, lock));
            database.awaitBlocked(PlumbDatabase.pid(writer));

            assertThat(takeOver()).isEqualTo(1);
            delay.commit();

            assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(slipped()).containsExactly("delayed");
        }
    }

    /// Two writers and a taker: a second writer overtakes the waiting takeover, or is refused by it; it never slips.
    @ParameterizedTest
    @EnumSource(names = {"LANE", "ONE_TENURE"})
    void writerThatArrivesBehindAWaitingTakeoverDoesNotSlip(Fencing fencing) throws Exception {
        assertThat(fencing.take(writer, held)).isTrue();
        Future<Integer> takeover = start(this::takeOver);
        database.awaitBlocked(PlumbDatabase.pid(taker));

        try (Connection second = database.transaction()) {
            Future<Boolean> late = start(() -> {
                boolean holds = fencing.take(second, held);
                if (holds) write(second, "late");
                second.commit();
                return holds;
            });
            write(writer, "first");
            writer.commit();

            late.get(10, TimeUnit.SECONDS);
            assertThat(takeover.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(slipped()).isEmpty();
            assertThat(fencing.take(second, held)).isFalse();
        }
    }

    /// The epoch came back to the same owner: the token is what counts, not the owner.
    @ParameterizedTest
    @EnumSource(names = {"LANE", "ONE_TENURE"})
    void formerTenureOfTheSameOwnerIsRefused(Fencing fencing) throws Exception {
        takeOver();
        database.execute(
                "update plumb.range_lease set owner = ?, epoch = epoch + 1",
                held.owner().id());

        assertThat(fencing.take(writer, held)).isFalse();
        assertThat(fencing.take(writer, new Tenure(held.range(), new Epoch(3), held.owner())))
                .isTrue();
    }

    private <T> Future<T> start(Callable<T> step) {
        return background.submit(step);
    }

    private int takeOver() throws SQLException {
        int rows = update(taker);
        taker.commit();
        return rows;
    }

    private int update(Connection transaction) throws SQLException {
        try (PreparedStatement update =
                transaction.prepareStatement("update plumb.range_lease set owner = ?, epoch = epoch + 1")) {
            update.setObject(1, successor.id());
            return update.executeUpdate();
        }
    }

    private void write(Connection transaction, String id) throws SQLException {
        try (PreparedStatement insert = transaction.prepareStatement("insert into effects values (?, ?, ?)")) {
            insert.setString(1, id);
            insert.setInt(2, held.range().value());
            insert.setLong(3, held.epoch().value());
            insert.executeUpdate();
        }
    }

    private int writeDelayed(Connection session, String lock) throws SQLException {
        try (PreparedStatement insert = session.prepareStatement("""
                with held as materialized (
                    select range_id, epoch from plumb.range_lease where range_id = ? and epoch = ? %s),
                     delayed as materialized (
                    select held.*, pg_advisory_xact_lock(7) from held)
                insert into effects select 'delayed', range_id, epoch from delayed""".formatted(lock))) {
            insert.setInt(1, held.range().value());
            insert.setLong(2, held.epoch().value());
            return insert.executeUpdate();
        }
    }

    private List<String> slipped() throws SQLException {
        return database.query(SLIPPED);
    }
}
