package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.testsupport.DurablePostgres;

/// The synchronous standby is away, and somebody loses patience: cancels every session that waits for it, again and
/// again. COMMIT then says yes with a warning, what was committed can be read, and a failover forgets it.
@Timeout(180)
class StandbyWaitIT {
    private static final String DATABASE = "standby_wait";
    private static final String JOE = "joe";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final DurablePostgres primary = DurablePostgres.start();
    private DurablePostgres standby;
    private WiredInstance a;

    @BeforeEach
    void aOwnsJoeBeforeASynchronousStandby() throws SQLException {
        String url = primary.createDatabase(DATABASE);
        Account.createTables(primary, DATABASE);
        standby = primary.standby();
        primary.synchronise();
        a = new WiredInstance("a", url, Account.from(primary, DATABASE, key -> {}));
        await().atMost(SOON).until(() -> a.owns(JOE));
    }

    @AfterEach
    void end() {
        a.close();
        standby.close();
        primary.close();
    }

    @Test
    void nothingIsAcknowledgedThatAFailoverWouldForget() throws Exception {
        assertThat(deposit(a, "before").get(10, TimeUnit.SECONDS)).isEqualTo(1);
        standby.cutOff();

        CompletableFuture<Integer> first;
        CompletableFuture<Integer> again;
        try (var impatient = new Impatient()) {
            first = deposit(a, "meanwhile");
            await("it is committed, and can be read")
                    .atMost(SOON)
                    .until(() -> rows(primary).contains("meanwhile"));
            assertThatThrownBy(() -> first.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            again = deposit(a, "meanwhile");
            assertThatThrownBy(() -> again.get(60, TimeUnit.SECONDS))
                    .as("a repetition finds it, and must not say so")
                    .isInstanceOf(ExecutionException.class);
        }

        primary.stop();
        standby.promote();
        assertThat(rows(standby)).containsExactly("before");
    }

    @Test
    void whatIsInDoubtIsAcknowledgedOnceTheStandbyHasIt() throws Exception {
        standby.cutOff();
        CompletableFuture<Integer> deposit;
        try (var impatient = new Impatient()) {
            deposit = deposit(a, "meanwhile");
            await().atMost(SOON).until(() -> rows(primary).contains("meanwhile"));
        }
        standby.follow(primary);

        assertThat(deposit.handle((sum, unknown) -> unknown != null || sum == 1).get(60, TimeUnit.SECONDS))
                .as("done, or unknown: never refused")
                .isTrue();
        await("the repetition finds it")
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> deposit(a, "meanwhile").get(10, TimeUnit.SECONDS) == 1);
        await("replayed, too").atMost(SOON).until(() -> rows(standby).equals(List.of("meanwhile")));
    }

    private static CompletableFuture<Integer> deposit(WiredInstance at, String id) {
        return at.call(JOE, (Account account) -> account.deposit(id, 1));
    }

    private static List<String> rows(DurablePostgres postgres) throws SQLException {
        return Account.column(postgres, DATABASE, "select id from deposit order by id");
    }

    private final class Impatient implements AutoCloseable {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Thread thread = Thread.ofVirtual().start(this::cancelWhoeverWaits);

        private void cancelWhoeverWaits() {
            try {
                while (!closed.await(50, TimeUnit.MILLISECONDS))
                    Account.column(
                            primary,
                            "postgres",
                            "select pg_cancel_backend(pid)::text from pg_stat_activity where wait_event = 'SyncRep'");
            } catch (InterruptedException | SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            closed.countDown();
            thread.join();
        }
    }
}
