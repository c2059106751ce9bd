package container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import plumb.Effect;
import plumb.Keyed;
import plumb.NotOwner;
import plumb.Rejection;
import plumb.RequestId;
import plumb.dispatch.Turn;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;

/// Runs inside the server.
@ExtendWith(ArquillianExtension.class)
public class TallyIT {
    private static final int CONCURRENT_TRANSACTIONS = 2_000;

    @Inject
    Keyed<Tally> tallies;

    @Inject
    LeaseKeeper keeper;

    @Inject
    LeaseTable leases;

    @Resource(lookup = "java:app/jdbc/plumb")
    DataSource database;

    @Deployment
    static Archive<?> war() {
        return ShrinkWrap.create(ZipImporter.class, "plumb.war")
                .importFrom(new File(System.getProperty("plumb.it.war")))
                .as(WebArchive.class)
                .addClasses(Tally.class, TallyNote.class, TallyResource.class, LooksResource.class)
                .addClasses(LooksResource.Counted.class, LooksResource.Answer.class)
                .addPackages(true, "org.assertj.core", "org.awaitility", "org.hamcrest")
                .addAsResource("container/V1__tally.sql", "db/migration/container/V1__tally.sql");
    }

    /// A server that has just begun is slow.
    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60));
    }

    @BeforeEach
    void serves() {
        await("serves").until(() -> keeper.state() == LeaseKeeper.State.SERVING);
    }

    @Test
    void requestsRunOnAVirtualThreadThatHasTheApplicationsClassLoader() throws Exception {
        Object thread = ask("thread", Tally::thread);

        assertThat(thread).isEqualTo("true true");
    }

    @Test
    void aClassOfAnswersIsLookedAtOnceNotForEachAnswer() throws Exception {
        String url = keeper.incarnation()
                        .flatMap(leases::instance)
                        .orElseThrow()
                        .info()
                        .url() + "/api/looks";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        try (var client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("{\"text\":\"anything\"}");
            int looks = LooksResource.LOOKS.get();
            for (int i = 0; i < 3; i++) client.send(request, BodyHandlers.ofString());

            assertThat(looks).isPositive();
            assertThat(LooksResource.LOOKS).hasValue(looks);
        }
    }

    @Test
    void aWriteIsDurableWhenTheReplyArrivesAndMemoryAgrees() throws Exception {
        String key = key();

        assertThat(ask(key, tally -> tally.add(2))).isEqualTo(2L);
        assertThat(ask(key, tally -> tally.add(3))).isEqualTo(5L);
        assertThat(sum(key)).isEqualTo(5L);
        assertThat(ask(key, Tally::total)).isEqualTo(5L);
    }

    @Test
    void aRequestThatComesAgainGetsItsAnswerFromMemoryOrFromItsRow() throws Exception {
        String key = key();
        RequestId request = RequestId.ofClient("tonight");
        var first = ask(key, tally -> tally.add(new Tally.Amount(3), request));

        assertThat(first).isEqualTo(new Effect<>(new Tally.Sum(key, 3), false));
        assertThat(ask(key, tally -> tally.add(new Tally.Amount(3), request)))
                .isEqualTo(new Effect<>(new Tally.Sum(key, 3), true));
        assertThatThrownBy(() -> ask(key, Tally::breakAfterWriting)).hasMessageContaining("broken after the write");
        assertThat(ask(key, tally -> tally.add(new Tally.Amount(3), request)))
                .as("after another load")
                .isEqualTo(new Effect<>(new Tally.Sum(key, 3), true));
        assertThatThrownBy(() -> ask(key, tally -> tally.add(new Tally.Amount(4), request)))
                .isInstanceOf(Rejection.class);
        assertThat(sum(key)).isEqualTo(3L);
    }

    @Test
    void anAlarmRunsOnTheBeanAndIsGoneWithItsCommit() throws Exception {
        String key = key();

        assertThat(ask(key, tally -> tally.addLater(5, Duration.ofHours(1)))).isEqualTo("set");
        assertThat(text("select argument from plumb.alarm where key = ?", key)).isEqualTo("5");
        ask(key, tally -> tally.addLater(5, Duration.ofMillis(300)));

        await("soon").until(() -> sum(key) == 5);
        assertThat(ask(key, Tally::total)).isEqualTo(5L);
        assertThat(text("select argument from plumb.alarm where key = ?", key)).isEmpty();
    }

    @Test
    void ticksAndTimersRunOnTheBeanInMemory() throws Exception {
        String key = key();

        ask(key, tally -> tally.addSoon(3, Duration.ofMillis(100)));

        await("soon").until(() -> (int) ask(key, Tally::ticks) >= 3);
        await("soon").until(() -> sum(key) == 3);
    }

    @Test
    void anExceptionAfterAWriteDiscardsTheBeanAndItsWrite() throws Exception {
        String key = key();
        ask(key, tally -> tally.add(7));
        int destroyed = Tally.DESTROYED.get();

        assertThatThrownBy(() -> ask(key, Tally::breakAfterWriting)).hasMessageContaining("broken after the write");

        assertThat(ask(key, Tally::total)).isEqualTo(7L);
        assertThat(sum(key)).isEqualTo(7L);
        assertThat(Tally.DESTROYED.get()).isGreaterThan(destroyed);
    }

    @Test
    void aTransactionalMethodWritesThroughPersistenceWithinATurn() throws Exception {
        String key = key();

        assertThat(ask(key, tally -> tally.note("first"))).isEqualTo("first");
        assertThat(ask(key, tally -> tally.note("second"))).isEqualTo("second");

        assertThat(text("select note from container.tally_note where tally = ?", key))
                .isEqualTo("second");
    }

    @Test
    void anExceptionInATransactionRollsItBackAndDiscardsTheBean() throws Exception {
        String key = key();
        int destroyed = Tally.DESTROYED.get();

        assertThatThrownBy(() -> ask(key, tally -> {
                    tally.noteAndBreak("never");
                    return "";
                }))
                .hasMessageContaining("broken in the transaction");

        assertThat(text("select count(*) from container.tally_note where tally = ?", key))
                .isEqualTo("0");
        ask(key, Tally::total);
        assertThat(Tally.DESTROYED.get()).isGreaterThan(destroyed);
    }

    @Test
    void enteringATransactionAfterAWriteIsAnError() throws Exception {
        String key = key();

        assertThatThrownBy(() -> ask(key, tally -> {
                    tally.add(1);
                    return tally.note("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Writes.add");

        assertThat(sum(key)).isZero();
    }

    @Test
    void aTransactionOfAFormerEpochIsRefusedByTheFence() throws Exception {
        String key = key();
        ask(key, tally -> tally.note("before"));

        Object after = ask(key, tally -> {
            Tenure tenure = Turn.current().tenure();
            leases.selfClaim(tenure.owner(), Set.of(tenure)); // behind the keeper's back
            try {
                return tally.note("after");
            } catch (NotOwner expected) {
                return "refused";
            }
        });

        assertThat(after).isEqualTo("refused");
        assertThat(text("select note from container.tally_note where tally = ?", key))
                .isEqualTo("before");
        await("the keeper finds out")
                .ignoreException(NotOwner.class)
                .until(() -> ask(key, tally -> tally.note("again")), "again"::equals);
    }

    /// The wait for it was cancelled: the server's transaction manager does not look at warnings.
    @Test
    void aTransactionThatTheSynchronousStandbyDoesNotHaveIsInDoubt() throws Exception {
        String key = key();
        ask(key, Tally::total);
        CompletableFuture<String> note;
        synchronousStandby("nobody");
        try {
            note = tallies.at(key).call(tally -> tally.note("in doubt")).toCompletableFuture();
            await("it is committed, and can be read").until(() -> {
                text("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = ?", "SyncRep");
                return text("select note from container.tally_note where tally = ?", key)
                        .equals("in doubt");
            });
            await("not acknowledged").during(Duration.ofSeconds(1)).until(() -> !note.isDone());
        } finally {
            synchronousStandby("");
        }

        assertThat(note.get(30, TimeUnit.SECONDS)).as("now it is certain").isEqualTo("in doubt");
    }

    private void synchronousStandby(String names) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(true); // the pool's may come from a transaction
            statement.execute("alter system set synchronous_standby_names = '" + names + "'");
            statement.execute("select pg_reload_conf()");
        }
        await("soon")
                .until(() -> text("select current_setting(?)", "synchronous_standby_names")
                        .equals(names));
    }

    @Test
    void fenceAndWritesShareOneTransactionHoweverManyTurnsRunAtOnce() throws Exception {
        var all = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < CONCURRENT_TRANSACTIONS; i++) {
            String key = "many-" + i;
            all.add(tallies.at(key).call(tally -> tally.note("x")).toCompletableFuture());
        }

        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(3, TimeUnit.MINUTES);

        assertThat(text("select count(*) from container.tally_note where tally like ?", "many-%"))
                .isEqualTo(Integer.toString(CONCURRENT_TRANSACTIONS));
    }

    private Object ask(String key, Function<Tally, ?> request) throws Exception {
        try {
            return tallies.at(key).<Object>call(request).toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) throw cause;
            throw e;
        }
    }

    private long sum(String key) throws SQLException {
        return Long.parseLong(text("select coalesce(sum(amount), 0) from container.tally_event where tally = ?", key));
    }

    private String text(String sql, String key) throws SQLException {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(sql)) {
            query.setString(1, key);
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
