package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import plumb.Statement;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.testsupport.DurablePostgres;

/// A store, two owned ranges, and a table of effects whose rows can hold up a commit.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FencedStoreFixture {
    record Effect(String id, int amount) {}

    static final Statement<Effect> INSERT = Statement.of(
            Effect.class,
            "insert into effects (id, range_id, epoch, amount) values (:id, :range, :epoch, :amount) on conflict (id) do nothing");
    static final Statement<Effect> STRICT = Statement.of(
            Effect.class, "insert into effects (id, range_id, epoch, amount) values (:id, :range, :epoch, :amount)");
    /// Waits for the advisory lock 7 while it runs.
    static final Statement<Effect> SLOW = Statement.of(
            Effect.class, "insert into effects (id, amount) select :id, :amount from pg_advisory_xact_lock(7)");
    static final Statement<Effect> ADD =
            Statement.of(Effect.class, "update effects set amount = amount + :amount where id = :id");

    PlumbDatabase database;
    PostgresSettings settings;
    PostgresFencedStore store;
    TransactionStatus status;
    Incarnation me;
    Tenure low;
    Tenure high;

    @BeforeAll
    void migrate() throws SQLException {
        database = PlumbDatabase.migrated(getClass().getSimpleName().toLowerCase(Locale.ROOT));
        database.execute(
                "create table effects (id text primary key, range_id int, epoch bigint, amount int check (amount >= 0))");
        // a commit of a row called "slow" waits for the advisory lock 7, of one called "endless" for ever, and one
        // called "bad" is refused at the commit
        database.execute("""
                create function at_commit() returns trigger language plpgsql as $$
                begin
                    case new.id
                        when 'slow' then perform pg_advisory_xact_lock(7);
                        when 'endless' then perform pg_sleep(600);
                        when 'bad' then raise check_violation;
                        else null;
                    end case;
                    return null;
                end $$""");
        database.execute("create constraint trigger at_commit after insert on effects deferrable initially deferred"
                + " for each row execute function at_commit()");
    }

    @AfterAll
    void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void twoOwnedRanges() throws SQLException {
        database.empty();
        database.execute("truncate effects");
        me = Ranges.instance(database, "me");
        database.execute("insert into plumb.domain (name, key_type, slot_function) values ('customer', 'UUID', 1)");
        database.execute(
                "insert into plumb.range_lease (domain, lo, hi, owner, epoch)"
                        + " values ('customer', 0, 100, ?, 5), ('customer', 100, 4294967296, ?, 5)",
                me.id(),
                me.id());
        List<String> ids = database.query("select range_id from plumb.range_lease order by lo");
        low = tenure(ids.getFirst());
        high = tenure(ids.getLast());
        Duration untilTheTestEndsIt = Duration.ofSeconds(20);
        open(settings(database.connections().settings().url(), untilTheTestEndsIt, untilTheTestEndsIt));
        status = new TransactionStatus(database.connections());
    }

    /// Another store instead of the present one.
    void open(PostgresSettings with) {
        if (store != null) store.close();
        settings = with;
        store = new PostgresFencedStore(new Connections(with));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static PostgresSettings settings(String url, Duration statement, Duration standingStill) {
        return new PostgresSettings(
                url, DurablePostgres.USER, "", Duration.ofSeconds(10), statement, standingStill, standingStill);
    }

    /// The store gives up soon: statements after a second, locks and standing still after half of it.
    void hurry() {
        open(settings(settings.url(), Duration.ofSeconds(1), Duration.ofMillis(500)));
    }

    /// The store comes to Postgres by that port.
    void by(int port) {
        open(settings(
                settings.url().replaceFirst(":\\d+/", ":" + port + "/"),
                settings.statementTimeout(),
                settings.idleInTransaction()));
    }

    /// A session that holds the advisory lock that slow rows wait for.
    Connection heldUp() throws SQLException {
        Connection third = database.transaction();
        third.createStatement().execute("select pg_advisory_xact_lock(7)");
        return third;
    }

    CompletableFuture<Attempt> committing(Unit... units) {
        return beside(() -> store.commit(List.of(units)));
    }

    /// On a thread of its own: the common pool may have no more than one.
    static <T> CompletableFuture<T> beside(Callable<T> task) {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private Tenure tenure(String range) {
        return new Tenure(new RangeId(Integer.parseInt(range)), new Epoch(5), me);
    }

    void takeOver(Tenure tenure) throws SQLException {
        Incarnation successor = Ranges.instance(database, "successor-" + UUID.randomUUID());
        database.execute(
                "update plumb.range_lease set owner = ?, epoch = epoch + 1 where range_id = ?",
                successor.id(),
                tenure.range().value());
    }

    static Write insert(String id) {
        return new Write(INSERT, new Effect(id, 1));
    }

    static Unit unit(Tenure tenure, Write... writes) {
        return new Unit(tenure, List.of(writes));
    }

    static Unit unit(Tenure tenure, String... ids) {
        return new Unit(
                tenure, Arrays.stream(ids).map(FencedStoreFixture::insert).toList());
    }

    List<String> effects() throws SQLException {
        return database.query("select id from effects order by id");
    }

    void assertApplied(Attempt attempt, Tenure... refused) {
        assertThat(attempt).isEqualTo(new Attempt.Applied(Set.of(refused)));
    }
}
