package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.OutcomeUnknown;
import plumb.keyspace.Incarnation;
import plumb.postgres.CuttingProxy;
import plumb.postgres.CuttingProxy.Cut;
import plumb.testsupport.DurablePostgres;

/// The way to Postgres breaks around a commit, and the same request comes again.
@Timeout(120)
class LostAckThenTakeoverIsOneOrderIT {
    private static final String DATABASE = "lost_ack";
    private static final String JOE = "joe";
    private static final Duration SOON = Duration.ofSeconds(40);

    private final DurablePostgres postgres = DurablePostgres.shared();
    private String url;
    private CuttingProxy network;
    private WiredInstance a;

    @BeforeEach
    void aOwnsJoe() throws SQLException, IOException {
        url = postgres.createDatabase(DATABASE);
        Account.createTables(postgres, DATABASE);
        network = new CuttingProxy(postgres.port());
        a = instance("a", url.replaceFirst(":\\d+/", ":" + network.port() + "/"));
        await().atMost(SOON).until(() -> a.owns(JOE));
    }

    @AfterEach
    void end() {
        network.close();
        a.close();
    }

    private WiredInstance instance(String name, String by) {
        return new WiredInstance(name, by, Account.from(postgres, DATABASE, key -> {}));
    }

    @Test
    void anOrderWhoseAnswerWasLostIsNotDoubledByTheNextOwner() throws Exception {
        Incarnation before = a.incarnation();
        network.cutForGood(Cut.AFTER, "COMMIT");
        CompletableFuture<Integer> lost = a.call(JOE, (Account account) -> account.deposit("order", 1));
        await("the commit has arrived")
                .atMost(SOON)
                .until(() -> column("select id from deposit").equals(List.of("order")));

        try (var b = instance("b", url)) {
            await().atMost(SOON).until(b::isRegistered);
            await("b buries a").atMost(SOON).until(() -> b.buries(before));
            await("b owns joe").atMost(SOON).until(() -> b.owns(JOE));
            assertThat(b.<Account, Integer>call(JOE, account -> account.deposit("order", 1))
                            .get(10, TimeUnit.SECONDS))
                    .isEqualTo(1);
        }

        assertThatThrownBy(() -> lost.get(40, TimeUnit.SECONDS))
                .as("never: it was not applied")
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutcomeUnknown.class);
        assertThat(column("select id from deposit")).containsExactly("order");
    }

    @Test
    void anOrderWhoseAnswerWasLostIsAcknowledgedOnceTheDatabaseSaysSo() throws Exception {
        network.cut(Cut.AFTER, "COMMIT");

        assertThat(a.<Account, Integer>call(JOE, account -> account.deposit("order", 1))
                        .get(40, TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThat(a.<Account, Integer>call(JOE, account -> account.deposit("order", 1))
                        .get(10, TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThat(column("select id from deposit")).containsExactly("order");
    }

    @Test
    void anUpdateThatArrivesAfterANewerOneChangesNothing() throws Exception {
        network.cut(Cut.LATE, "insert into account");
        CompletableFuture<String> late = a.call(JOE, (Account account) -> account.rename("older"));
        assertThatThrownBy(() -> late.get(40, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        await("a newer one")
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> a.<Account, String>call(JOE, account -> account.rename("newer"))
                        .get(10, TimeUnit.SECONDS)
                        .equals("newer"));

        network.deliver();

        await("nothing of a's is under way any more")
                .atMost(SOON)
                .until(() -> column("select count(*)::text from pg_stat_activity where datname = 'lost_ack'"
                                + " and state in ('active', 'idle in transaction') and pid <> pg_backend_pid()")
                        .equals(List.of("0")));
        assertThat(column("select name from account")).containsExactly("newer");
        assertThat(a.<Account, String>call(JOE, Account::name).get(10, TimeUnit.SECONDS))
                .isEqualTo("newer");
    }

    private List<String> column(String sql) throws SQLException {
        return Account.column(postgres, DATABASE, sql);
    }
}
