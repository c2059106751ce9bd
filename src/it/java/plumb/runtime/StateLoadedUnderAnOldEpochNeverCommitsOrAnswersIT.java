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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.NotOwner;
import plumb.keyspace.Incarnation;
import plumb.ownership.LeaseTableException;
import plumb.testsupport.DurablePostgres;

/// A range goes from A to B and back to A, while something of A's first time there still stands.
@Timeout(120)
class StateLoadedUnderAnOldEpochNeverCommitsOrAnswersIT {
    private static final String DATABASE = "old_epoch";
    private static final String JOE = "joe";
    private static final Duration SOON = Duration.ofSeconds(40);

    private final DurablePostgres postgres = DurablePostgres.shared();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();
    private boolean blockFirstLoad;
    private String url;
    private WiredInstance a;

    @BeforeEach
    void aOwnsEverything() throws SQLException {
        url = postgres.createDatabase(DATABASE);
        Account.createTables(postgres, DATABASE);
        a = new WiredInstance("a", url, Account.from(postgres, DATABASE, this::loaded));
        await().atMost(SOON).until(() -> a.owns(JOE));
    }

    @AfterEach
    void end() {
        released.countDown();
        a.close();
    }

    private void loaded(String key) {
        if (loads.incrementAndGet() == 1 && blockFirstLoad) block();
    }

    private void block() {
        entered.countDown();
        boolean interrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                interrupted = true; // whoever stands still does not listen
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// Joe's range goes to B, B takes a deposit of 10, and Joe's range comes back.
    private void thereAndBack() throws Exception {
        Incarnation before = a.incarnation();
        try (var b = new WiredInstance("b", url, Account.from(postgres, DATABASE, key -> {}))) {
            await().atMost(SOON).until(b::isRegistered);
            await("b buries a, in whatever life, until it owns joe")
                    .atMost(SOON)
                    .ignoreExceptionsInstanceOf(LeaseTableException.class)
                    .until(() -> {
                        a.lifeThatOwns(JOE).ifPresent(b::buries);
                        return b.owns(JOE);
                    });
            assertThat(b.<Account, Integer>call(JOE, account -> account.deposit("b", 10))
                            .get(10, TimeUnit.SECONDS))
                    .isEqualTo(10);
        }
        await("a owns joe again, in another life")
                .atMost(SOON)
                .until(() -> a.owns(JOE) && !a.incarnation().equals(before));
    }

    @Test
    void aTurnThatStoodStillNeitherCommitsNorAnswers() throws Exception {
        CompletableFuture<Integer> stale = a.call(JOE, (Account account) -> {
            block();
            return account.deposit("stale", 1);
        });
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        thereAndBack();

        assertThat(a.<Account, Integer>call(JOE, account -> account.deposit("fresh", 100))
                        .get(10, TimeUnit.SECONDS))
                .as("beside the one that still stands")
                .isEqualTo(110);
        released.countDown();

        assertRefused(stale);
        assertThat(rows()).containsExactlyInAnyOrder("b", "fresh");
    }

    @Test
    void aReadOfATurnThatStoodStillIsNotAnswered() throws Exception {
        CompletableFuture<Integer> stale = a.call(JOE, (Account account) -> {
            block();
            return account.sum();
        });
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        thereAndBack();

        released.countDown();

        assertRefused(stale);
    }

    @Test
    void aLoadThatStoodStillServesNobody() throws Exception {
        blockFirstLoad = true;
        CompletableFuture<Integer> first = a.call(JOE, (Account account) -> account.deposit("stale", 1));
        CompletableFuture<Integer> second = a.call(JOE, Account::sum);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        thereAndBack();

        assertThat(a.<Account, Integer>call(JOE, Account::sum).get(10, TimeUnit.SECONDS))
                .isEqualTo(10);
        released.countDown();

        assertRefused(first);
        assertRefused(second);
        assertThat(rows()).containsExactly("b");
    }

    private static void assertRefused(CompletableFuture<?> stale) {
        assertThatThrownBy(() -> stale.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotOwner.class);
    }

    private List<String> rows() throws SQLException {
        return Account.column(postgres, DATABASE, "select id from deposit");
    }
}
