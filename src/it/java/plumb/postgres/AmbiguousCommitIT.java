package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import plumb.Statement;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.ownership.LeaseTableException;
import plumb.postgres.CuttingProxy.Cut;
import plumb.postgres.TransactionStatus.State;
import plumb.testsupport.DurablePostgres;

/// The connection is cut before, in and after the commit; the database then tells the truth about it.
class AmbiguousCommitIT extends FencedStoreFixture {
    @Test
    void connectionCutWhileIdleLeavesNoDoubt() throws SQLException {
        assertApplied(store.commit(List.of(unit(low, "a"))));
        terminate();

        assertThat(store.commit(List.of(unit(low, "b")))).isInstanceOf(Attempt.TryAgain.class);
        assertThat(effects()).containsExactly("a");
        assertApplied(store.commit(List.of(unit(low, "b"))));
    }

    /// Nothing can have been written.
    @ParameterizedTest
    @EnumSource(
            value = Cut.class,
            names = {"BEFORE", "AFTER"})
    void networkThatBreaksAtTheFenceLeavesNoDoubt(Cut cut) throws Exception {
        Attempt attempt = throughANetworkThatBreaks(cut, "range_lease", network -> {
            Attempt broken = store.commit(List.of(unit(low, "a")));
            assertApplied(store.commit(List.of(unit(low, "next"))));
            return broken;
        });

        assertThat(attempt).isInstanceOf(Attempt.TryAgain.class);
        assertThat(effects()).containsExactly("next");
    }

    @ParameterizedTest
    @CsvSource({"BEFORE, insert into effects", "AFTER, insert into effects", "BEFORE, COMMIT"})
    void networkThatBreaksBeforeTheCommitLeavesADoubtAndNothingElse(Cut cut, String at) throws Exception {
        Unit unit = unit(low, "a");
        Attempt attempt = throughANetworkThatBreaks(cut, at, network -> {
            Attempt broken = store.commit(List.of(unit));
            assertApplied(store.commit(List.of(unit(low, "next"))));
            return broken;
        });

        assertThat(end(xid(attempt))).isEqualTo(State.ABORTED);
        assertThat(effects()).containsExactly("next");
    }

    @Test
    void networkThatBreaksBeforeTheAnswerToTheCommitLeavesADoubtAndTheCommit() throws Exception {
        Write first = insert("a");
        Write second = new Write(ADD, new Effect("nobody", 1));
        Attempt attempt = throughANetworkThatBreaks(
                Cut.AFTER, "COMMIT", network -> store.commit(List.of(unit(low, first, second))));

        assertThat(end(xid(attempt))).isEqualTo(State.COMMITTED);
        assertThat(effects()).containsExactly("a");
        assertThat(List.of(first.count(), second.count())).containsExactly(1, 0); // every statement was answered
    }

    @Test
    void doubtNamesTheTenuresThatTheFenceRefused() throws Exception {
        takeOver(low);
        Attempt attempt = throughANetworkThatBreaks(
                Cut.AFTER, "COMMIT", network -> store.commit(List.of(unit(low, "stale"), unit(high, "a"))));

        assertThat(attempt)
                .isInstanceOfSatisfying(
                        Attempt.InDoubt.class,
                        inDoubt -> assertThat(inDoubt.refused()).containsExactly(low));
        assertThat(end(xid(attempt))).isEqualTo(State.COMMITTED);
        assertThat(effects()).containsExactly("a");
    }

    /// The reason why the epoch is raised before the question: until then the answer may change.
    @Test
    void commitThatArrivesLateHoldsUpTheNextEpochAndIsFoundOut() throws Exception {
        throughANetworkThatBreaks(Cut.LATE, "COMMIT", network -> {
            Attempt attempt = store.commit(List.of(unit(low, "ghost")));
            assertThat(status.of(xid(attempt), me)).isEqualTo(State.IN_PROGRESS);
            try (Connection taker = database.session()) {
                var raised = beside(() -> raiseEpochs(taker));
                database.awaitBlocked(PlumbDatabase.pid(taker));

                network.deliver();

                assertThat(result(raised)).isEqualTo(2);
            }
            assertThat(status.of(xid(attempt), me)).isEqualTo(State.COMMITTED);
            return attempt;
        });
        assertThat(effects()).containsExactly("ghost");
    }

    @Test
    void transactionWhoseCommitNeverArrivesIsEndedByTheServer() throws Exception {
        hurry();
        throughANetworkThatBreaks(Cut.LATE, "COMMIT", network -> {
            Attempt attempt = store.commit(List.of(unit(low, "ghost")));
            assertThat(end(xid(attempt))).isEqualTo(State.ABORTED);
            network.deliver();
            return attempt;
        });
        assertThat(effects()).isEmpty();
    }

    @Test
    void sessionEndedWhileAStatementRunsIsInDoubtAndWasAborted() throws Exception {
        Attempt attempt = endedWhileHeldUp(unit(low, new Write(SLOW, new Effect("a", 1))));

        assertThat(end(xid(attempt))).isEqualTo(State.ABORTED);
        assertThat(effects()).isEmpty();
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    /// Not the driver's way to fail, and not the row's.
    @Test
    void faultOfTheVirtualMachineIsInDoubtAndWasAborted() throws SQLException {
        record Strings(List<String> list) {}
        var statement = Statement.of(Strings.class, "insert into effects (id) select unnest(:list)");
        var row = new Strings(new AbstractList<>() {
            @Override
            public String get(int index) {
                throw new LinkageError("a test's");
            }

            @Override
            public int size() {
                return 1;
            }
        });

        Attempt attempt = store.commit(List.of(unit(low, insert("a"), new Write(statement, row))));

        assertThat(end(xid(attempt))).isEqualTo(State.ABORTED);
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void sessionEndedInsideTheCommitIsInDoubtAndWasAborted() throws Exception {
        Attempt attempt = endedWhileHeldUp(unit(low, "slow"));

        assertThat(end(xid(attempt))).isEqualTo(State.ABORTED);
        assertThat(effects()).isEmpty();
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void sessionEndedWhileItWaitsForAStandbyIsInDoubtAndWasCommitted() throws Exception {
        Attempt attempt = withoutTheStandby(() -> {
            var commit = committing(unit(low, "a"));
            awaitStandbyWait();
            terminate();
            return result(commit);
        });

        assertThat(status.of(xid(attempt), me)).isEqualTo(State.COMMITTED);
        assertThat(effects()).containsExactly("a");
    }

    /// COMMIT answers yes then, with a warning: a failover may still forget it.
    @Test
    void cancelledWaitForAStandbyIsInDoubt() throws Exception {
        Write write = insert("a");
        Attempt attempt = withoutTheStandby(() -> {
            var commit = committing(unit(low, write));
            awaitStandbyWait();
            cancel();
            return result(commit);
        });

        assertThat(status.of(xid(attempt), me)).isEqualTo(State.COMMITTED);
        assertThat(write.count()).isEqualTo(1);
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void waitForAStandbyThatTakesTooLongIsInDoubt() throws Exception {
        hurry();
        Attempt attempt = withoutTheStandby(() -> {
            Attempt gaveUp = store.commit(List.of(unit(low, "a")));
            assertThat(status.of(xid(gaveUp), me)).isEqualTo(State.IN_PROGRESS);
            return gaveUp;
        });

        assertThat(end(xid(attempt))).isEqualTo(State.COMMITTED);
    }

    /// The server's limit for a statement does not hold for COMMIT, so the client is the first to give up.
    @Test
    void commitThatTakesTooLongIsInDoubt() throws Exception {
        hurry();
        Attempt attempt = store.commit(List.of(unit(low, "endless")));

        assertThat(status.of(xid(attempt), me)).isEqualTo(State.IN_PROGRESS);
        terminate();
        assertThat(end(xid(attempt))).isEqualTo(State.ABORTED);
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    /// The server answered, and it answered no.
    @Test
    void cancelledCommitLeavesNoDoubt() throws Exception {
        try (Connection third = heldUp()) {
            var commit = committing(unit(low, "slow"));
            database.awaitBlocked(Connections.nameOf(me));
            cancel();

            assertThat(result(commit))
                    .isInstanceOfSatisfying(
                            Attempt.TryAgain.class,
                            again -> assertThat(again.detail()).startsWith("57014"));
            third.rollback();
        }
        assertThat(effects()).isEmpty();
        assertApplied(store.commit(List.of(unit(low, "next"))));
    }

    @Test
    void commitThatWaitsTooLongForALockLeavesNoDoubt() throws SQLException {
        hurry();
        try (Connection third = heldUp()) {
            assertThat(store.commit(List.of(unit(low, "slow"))))
                    .isInstanceOfSatisfying(
                            Attempt.TryAgain.class,
                            again -> assertThat(again.detail()).startsWith("55P03"));
            third.rollback();
        }
        assertThat(effects()).isEmpty();
    }

    @Test
    void runningTransactionIsInProgress() throws Exception {
        try (Connection third = heldUp()) {
            var commit = committing(unit(low, "slow"));
            database.awaitBlocked(Connections.nameOf(me));
            String xid = database.query(
                            "select backend_xid || '@' || " + FenceSql.SINCE
                                    + " from pg_stat_activity where application_name = ?",
                            Connections.nameOf(me))
                    .getFirst();

            assertThat(status.of(xid, me)).isEqualTo(State.IN_PROGRESS);
            third.commit();
            assertApplied(result(commit));
            assertThat(status.of(xid, me)).isEqualTo(State.COMMITTED);
        }
    }

    @Test
    void transactionThatAFailoverForgotIsUnknown() {
        assertThat(status.of("999999999999", me)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void serverThatIsAwayIsTriedAgain() {
        var nowhere = new Connections(PostgresSettings.of("jdbc:postgresql://localhost:1/x", DurablePostgres.USER, ""));
        try (var away = new PostgresFencedStore(nowhere)) {
            assertThat(away.commit(List.of(unit(low, "a")))).isInstanceOf(Attempt.TryAgain.class);
        }
    }

    @Test
    void statusOfADatabaseThatIsAwayIsAnError() {
        var nowhere = new Connections(PostgresSettings.of("jdbc:postgresql://localhost:1/x", DurablePostgres.USER, ""));

        assertThatThrownBy(() -> new TransactionStatus(nowhere).of("4711", me)).isInstanceOf(LeaseTableException.class);
    }

    private interface Journey {
        Attempt over(CuttingProxy network) throws Exception;
    }

    private Attempt throughANetworkThatBreaks(Cut cut, String at, Journey journey) throws Exception {
        try (var network = new CuttingProxy(DurablePostgres.shared().port())) {
            by(network.port());
            network.cut(cut, at);
            return journey.over(network);
        }
    }

    private Attempt endedWhileHeldUp(Unit unit) throws Exception {
        try (Connection third = heldUp()) {
            var commit = committing(unit);
            database.awaitBlocked(Connections.nameOf(me));
            terminate();
            assertThat(third.isValid(10)).isTrue();
            return result(commit);
        }
    }

    /// What [plumb.commit.Doubt] does first.
    private static int raiseEpochs(Connection taker) throws SQLException {
        try (var update = taker.createStatement()) {
            return update.executeUpdate("update plumb.range_lease set epoch = epoch + 1");
        }
    }

    /// The server may be busy with it for a moment after the client is gone.
    private State end(String xid) {
        return await().atMost(Duration.ofSeconds(10))
                .until(() -> status.of(xid, me), state -> state != State.IN_PROGRESS);
    }

    private interface Step {
        Attempt run() throws Exception;
    }

    /// Every commit of the server waits for a standby that never comes.
    private Attempt withoutTheStandby(Step step) throws Exception {
        database.execute("alter system set synchronous_standby_names = 'nobody'");
        database.query("select pg_reload_conf()");
        try {
            await().until(() -> database.query("show synchronous_standby_names").equals(List.of("nobody")));
            return step.run();
        } finally {
            database.execute("alter system reset synchronous_standby_names");
            database.query("select pg_reload_conf()");
            await().until(() -> database.query("show synchronous_standby_names").equals(List.of("")));
        }
    }

    private void awaitStandbyWait() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !database.query(
                                "select pid from pg_stat_activity where application_name = ? and wait_event = 'SyncRep'",
                                Connections.nameOf(me))
                        .isEmpty());
    }

    private void cancel() throws SQLException {
        database.query(
                "select pg_cancel_backend(pid) from pg_stat_activity where application_name = ?",
                Connections.nameOf(me));
    }

    private void terminate() throws SQLException {
        database.query(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = ?",
                Connections.nameOf(me));
    }

    private static String xid(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Attempt.InDoubt.class);
        String xid = ((Attempt.InDoubt) attempt).xid();
        assertThat(xid).isNotNull();
        return Objects.requireNonNull(xid);
    }
}
