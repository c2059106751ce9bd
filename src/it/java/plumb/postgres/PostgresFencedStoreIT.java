package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plumb.Statement;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.testsupport.DurablePostgres;

class PostgresFencedStoreIT extends FencedStoreFixture {
    @Test
    void unitsOfSeveralRangesAreCommittedTogether() throws SQLException {
        assertApplied(store.commit(List.of(unit(low, "a", "b"), unit(high, "c"))));

        assertThat(effects()).containsExactly("a", "b", "c");
        assertThat(database.query("select count(distinct xmin::text) from effects"))
                .containsExactly("1");
        assertThat(database.query("select epoch || ' ' || range_id from effects order by id"))
                .containsExactly("5 " + low.range(), "5 " + low.range(), "5 " + high.range());
    }

    @Test
    void refusedTenureDoesNotStopOthers() throws SQLException {
        takeOver(low);
        Unit refused = unit(low, "stale");

        assertApplied(store.commit(List.of(refused, unit(high, "good"))), low);

        assertThat(effects()).containsExactly("good");
        assertThatThrownBy(() -> refused.writes().getFirst().count()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProbeAsksTheFenceBesideThoseThatWrite() throws SQLException {
        takeOver(low);

        assertApplied(store.commit(List.of(Unit.probe(high), unit(high, "good"), Unit.probe(low))), low);
        assertApplied(store.commit(List.of(Unit.probe(low))), low);
        assertApplied(store.commit(List.of(Unit.probe(high))));
        assertThat(effects()).containsExactly("good");
    }

    /// Whoever ends the sessions of a dead incarnation must find the one that holds a fence.
    @Test
    void aProbeUnderATenureThatNobodyHasDoesNotNameTheSession() throws Exception {
        var nobodys = new Tenure(new RangeId(0), new Epoch(0), new Incarnation(new UUID(0, 0)));
        try (Connection third = heldUp()) {
            CompletableFuture<Attempt> attempt = committing(unit(low, "slow"), Unit.probe(nobodys));
            await().until(() -> sessions().contains("plumb:" + me));
            third.rollback();

            assertThat(result(attempt)).isEqualTo(new Attempt.Applied(Set.of(nobodys)));
        }
    }

    @Test
    void batchOfRefusedTenuresAloneAppliesNothing() throws SQLException {
        takeOver(low);

        assertApplied(store.commit(List.of(unit(low, "stale"))), low);
        assertThat(effects()).isEmpty();
    }

    @Test
    void tenureOfAnotherEpochOrIncarnationIsRefused() throws SQLException {
        var former = new Tenure(low.range(), new Epoch(4), me);
        var stranger = new Tenure(low.range(), low.epoch(), new Incarnation(UUID.randomUUID()));

        assertApplied(
                store.commit(List.of(unit(stranger, "s"), unit(former, "f"), unit(low, "good"))), former, stranger);
        assertThat(effects()).containsExactly("good");
    }

    @Test
    void countsTellADuplicateFromAnInsert() throws SQLException {
        assertApplied(store.commit(List.of(unit(low, "known"))));
        Write duplicate = insert("known");
        Write fresh = insert("fresh");
        Write update = new Write(ADD, new Effect("known", 4));
        Write miss = new Write(ADD, new Effect("nobody", 4));

        assertApplied(store.commit(List.of(unit(low, duplicate, fresh, update, miss))));

        assertThat(List.of(duplicate.count(), fresh.count(), update.count(), miss.count()))
                .containsExactly(0, 1, 1, 0);
    }

    @Test
    void orderWithinAUnitIsKept() throws SQLException {
        Write add = new Write(ADD, new Effect("a", 2));
        Write again = new Write(ADD, new Effect("b", 2));

        assertApplied(store.commit(List.of(unit(low, insert("a"), add, insert("b"), again), unit(high, "c"))));

        assertThat(List.of(add.count(), again.count())).containsExactly(1, 1);
        assertThat(database.query("select amount from effects order by id")).containsExactly("3", "3", "1");
    }

    @Test
    void largeBatchIsCommittedWhole() throws SQLException {
        var units = new ArrayList<Unit>();
        for (int i = 0; i < 1024; i++)
            units.add(unit(i % 2 == 0 ? low : high, insert("e" + i), new Write(ADD, new Effect("e" + i, 1))));

        assertApplied(store.commit(units));

        assertThat(database.query("select count(*) from effects where amount = 2"))
                .containsExactly("1024");
        assertThat(units)
                .allSatisfy(unit ->
                        assertThat(unit.writes()).extracting(Write::count).containsExactly(1, 1));
    }

    @Test
    void brokenConstraintIsBadDataAndAppliesNothing() throws SQLException {
        assertApplied(store.commit(List.of(unit(low, "known"))));

        Attempt attempt =
                store.commit(List.of(unit(high, "innocent"), unit(low, new Write(STRICT, new Effect("known", 1)))));

        assertThat(attempt).isInstanceOfSatisfying(Attempt.BadData.class, bad -> {
            assertThat(bad.sqlState()).isEqualTo("23505");
            assertThat(bad.detail()).contains("effects_pkey").doesNotContain("known");
        });
        assertThat(effects()).containsExactly("known");
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void whatOnlyTheCommitRefusesIsBadData() throws SQLException {
        assertThat(store.commit(List.of(unit(low, "bad")))).isInstanceOf(Attempt.BadData.class);
        assertThat(effects()).isEmpty();
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    /// One of each class: data that does not fit, a broken constraint, a broken statement.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "22P02|insert into effects (id, amount) values (:id, (:id)::int)",
                "22003|insert into effects (id, amount) values (:id, 2147483647 + :amount)",
                "22012|insert into effects (id, amount) values (:id, 1 / (:amount - 1))",
                "23502|insert into effects (id) select null from (select :id) x",
                "23514|insert into effects (id, amount) values (:id, -:amount)",
                "42P01|insert into nowhere values (:id)",
                "42601|insert into effects :id",
            })
    void badDataAndBadStatementsAreToldByTheirState(String state, String sql) throws SQLException {
        var bad = new Write(Statement.of(Effect.class, sql), new Effect("private", 1));

        assertThat(store.commit(List.of(unit(low, "innocent"), unit(high, bad))))
                .isInstanceOfSatisfying(Attempt.BadData.class, told -> {
                    assertThat(told.sqlState()).isEqualTo(state);
                    if (!state.equals("22P02")) assertThat(told.detail()).doesNotContain("private");
                });
        assertThat(effects()).isEmpty();
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void textThatPostgresCannotStoreIsBadData() throws SQLException {
        assertThat(store.commit(List.of(unit(low, "a\0b"))))
                .isInstanceOfSatisfying(
                        Attempt.BadData.class, bad -> assertThat(bad.sqlState()).startsWith("22"));
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void typeThatNobodyBindsIsBadData() {
        record Odd(Object id) {}
        var odd = Statement.of(Odd.class, "insert into effects (id) values (:id)");

        assertThat(store.commit(List.of(unit(low, new Write(odd, new Odd(new Object()))))))
                .isInstanceOf(Attempt.BadData.class);
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void rowThatCannotBeReadIsBadData() throws SQLException {
        record Strings(List<String> list) {}
        var statement = Statement.of(Strings.class, "insert into effects (id) select unnest(:list)");
        var row = new Strings(new AbstractList<>() {
            @Override
            public String get(int index) {
                throw new IllegalStateException("private");
            }

            @Override
            public int size() {
                return 1;
            }
        });

        assertThat(store.commit(List.of(unit(low, insert("a"), new Write(statement, row)))))
                .isInstanceOfSatisfying(
                        Attempt.BadData.class, bad -> assertThat(bad.detail()).doesNotContain("private"));
        assertApplied(store.commit(List.of(unit(low, "next"))));
        assertThat(effects()).containsExactly("next");
    }

    @Test
    void everyTypeOfParameterArrives() throws SQLException {
        assertApplied(store.commit(List.of(
                unit(low, new Write(Types.INSERT, Types.FULL)), unit(low, new Write(Types.INSERT, Types.EMPTY)))));

        assertThat(database.query("select to_jsonb(t) - 'n' from types t order by n"))
                .satisfiesExactly(
                        full -> assertThat(full)
                                .contains(
                                        Types.FULL.u.toString(),
                                        "it's",
                                        "2147483647",
                                        "9007199254740993",
                                        "1.5",
                                        "true")
                                .contains("12345678901234567890.123", "2026-02-03T04:05:06.789012", "2026-02-03\"")
                                .contains("\\\\x0102", "[\"x\", \"y\"]", "\"SECONDS\""),
                        empty -> assertThat(empty.replace("null", "")).doesNotContainPattern(": [^,}]"));
    }

    @Test
    void sessionTakesTheNameOfTheCurrentLifeWithTheFence() throws SQLException {
        assertApplied(store.commit(List.of(unit(low, "a"))));
        Incarnation next = Ranges.instance(database, "me again");
        database.execute("update plumb.range_lease set owner = ?, epoch = 6", next.id());

        assertApplied(store.commit(List.of(unit(new Tenure(low.range(), new Epoch(6), next), "b"))));

        await("that of the test before ends by itself")
                .untilAsserted(() -> assertThat(sessions()).containsExactly(Connections.nameOf(next)));
    }

    @Test
    void fenceBehindATakeoverInProgressIsTriedAgain() throws Exception {
        hurry();
        try (Connection taker = database.transaction()) {
            taker.createStatement().execute("update plumb.range_lease set epoch = epoch + 1 where lo = 0");

            assertThat(store.commit(List.of(unit(low, "a")))).isInstanceOf(Attempt.TryAgain.class);
            taker.rollback();
        }
        assertApplied(store.commit(List.of(unit(low, "a"))));
    }

    @Test
    void fenceBehindATakeoverThatCommitsRefuses() throws Exception {
        try (Connection taker = database.transaction()) {
            taker.createStatement().execute("update plumb.range_lease set epoch = epoch + 1 where lo = 0");
            var waiting = committing(unit(low, "a"), unit(high, "b"));
            database.awaitBlocked(Connections.nameOf(me));
            taker.commit();

            assertApplied(result(waiting), low);
        }
        assertThat(effects()).containsExactly("b");
    }

    @Test
    void deadlockIsTriedAgain() throws Exception {
        assertApplied(store.commit(List.of(unit(low, "a", "b"))));
        try (Connection third = heldUp();
                Connection other = database.transaction()) {
            // only the lane looks for deadlocks, so that it is the victim
            other.createStatement().execute("set local deadlock_timeout = '10min'");
            other.createStatement().execute("update effects set amount = 7 where id = 'b'");
            var commit = committing(unit(
                    low,
                    new Write(ADD, new Effect("a", 1)),
                    new Write(SLOW, new Effect("c", 1)),
                    new Write(ADD, new Effect("b", 1))));
            database.awaitBlocked(Connections.nameOf(me));
            var crossing =
                    beside(() -> other.createStatement().execute("update effects set amount = 7 where id = 'a'"));
            database.awaitBlocked(PlumbDatabase.pid(other));

            third.commit();

            assertThat(result(commit))
                    .isInstanceOfSatisfying(
                            Attempt.TryAgain.class,
                            again -> assertThat(again.detail()).startsWith("40P01"));
            result(crossing);
            other.commit();
        }
        assertThat(database.query("select amount from effects order by id")).containsExactly("7", "7");
    }

    @Test
    void rowThatIsLockedTooLongIsTriedAgain() throws SQLException {
        assertApplied(store.commit(List.of(unit(low, "a"))));
        hurry();
        try (Connection other = database.transaction()) {
            other.createStatement().execute("update effects set amount = 7 where id = 'a'");

            assertThat(store.commit(List.of(unit(low, new Write(ADD, new Effect("a", 1))))))
                    .isInstanceOfSatisfying(
                            Attempt.TryAgain.class,
                            again -> assertThat(again.detail()).startsWith("55P03"));
            other.rollback();
        }
    }

    /// The server ended the session, and says so with the next statement: COMMIT had not arrived.
    @Test
    void transactionThatStoodStillTooLongIsTriedAgain() throws SQLException {
        hurry();
        var statement = Statement.of(Stopping.class, "insert into effects (id) values (:id)");
        var stopping = new Stopping("a", () -> await().until(() -> sessions().isEmpty()));

        assertThat(store.commit(List.of(unit(low, new Write(statement, stopping)))))
                .isInstanceOfSatisfying(
                        Attempt.TryAgain.class,
                        again -> assertThat(again.detail()).startsWith("25P03"));
        assertThat(effects()).isEmpty();
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    /// Takes its time to be bound.
    private record Stopping(String id, Runnable standStill) {
        @Override
        public String id() {
            standStill.run();
            return id;
        }
    }

    private List<String> sessions() throws SQLException {
        return database.query("select application_name from pg_stat_activity where datname = current_database()"
                + " and application_name like 'plumb:%'");
    }

    @Test
    void statementThatTakesTooLongIsTriedAgain() throws SQLException {
        hurry();
        var slow = Statement.of(Effect.class, "insert into effects (id) select :id from pg_sleep(600)");

        assertThat(store.commit(List.of(unit(low, new Write(slow, new Effect("a", 1))))))
                .isInstanceOf(Attempt.TryAgain.class);
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    /// It would hide the count of each row.
    @Test
    void addressThatRewritesBatchesIsRefused() {
        var rewriting = PostgresSettings.of(settings.url() + "?reWriteBatchedInserts=true", DurablePostgres.USER, "");

        assertThatThrownBy(() -> new Connections(rewriting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reWriteBatchedInserts");
    }

    /// The types that [plumb.Statement] lists.
    private record Types(
            @Nullable UUID u,
            @Nullable String s,
            @Nullable Integer i,
            @Nullable Long l,
            @Nullable Double d,
            @Nullable Boolean b,
            @Nullable BigDecimal bd,
            @Nullable Instant at,
            @Nullable LocalDate day,
            byte @Nullable [] bytes,
            @Nullable List<String> list,
            @Nullable TimeUnit unit,
            @Nullable String json) {
        static final Types FULL = new Types(
                UUID.randomUUID(),
                "it's",
                Integer.MAX_VALUE,
                9007199254740993L,
                1.5,
                true,
                new BigDecimal("12345678901234567890.123"),
                Instant.parse("2026-02-03T04:05:06.789012Z"),
                LocalDate.of(2026, 2, 3),
                new byte[] {1, 2},
                List.of("x", "y"),
                TimeUnit.SECONDS,
                "{}");
        static final Types EMPTY =
                new Types(null, null, null, null, null, null, null, null, null, null, null, null, null);
        static final Statement<Types> INSERT = Statement.of(
                Types.class,
                "insert into types (u, s, i, l, d, b, bd, at, day, bytes, list, unit, json) values"
                        + " (:u, :s, :i, :l, :d, :b, :bd, :at, :day, :bytes, :list, :unit, :json::jsonb)");
    }

    @BeforeAll
    void createTypes() throws SQLException {
        database.execute("create table types (n int generated always as identity, u uuid, s text, i int, l bigint,"
                + " d double precision, b boolean, bd numeric, at timestamptz, day date, bytes bytea, list text[], unit text,"
                + " json jsonb)");
    }
}
