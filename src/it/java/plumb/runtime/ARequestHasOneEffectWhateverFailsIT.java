package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import plumb.Effect;
import plumb.OutcomeUnknown;
import plumb.Rejection;
import plumb.RequestId;
import plumb.WriteFailed;
import plumb.keyspace.Incarnation;
import plumb.postgres.CuttingProxy;
import plumb.postgres.CuttingProxy.Cut;
import plumb.postgres.RequestRows;
import plumb.testsupport.DurablePostgres;

/// The same request again and again, to a domain whose own rows do not know it.
@Timeout(180)
class ARequestHasOneEffectWhateverFailsIT {
    private static final String DATABASE = "once";
    private static final String JOE = "joe";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final RequestId REQUEST = RequestId.ofClient("tonight");
    private static final Jar.Coins FIVE = new Jar.Coins(5);

    private final DurablePostgres postgres = DurablePostgres.shared();
    private String url;
    private CuttingProxy network;
    private WiredInstance a;

    @BeforeEach
    void aOwnsJoe() throws SQLException, IOException {
        url = postgres.createDatabase(DATABASE);
        Jar.createTable(postgres, DATABASE);
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
        return new WiredInstance(name, by, Jar.from(WiredInstance.DOMAIN, database()));
    }

    private PGSimpleDataSource database() {
        var database = new PGSimpleDataSource();
        database.setUrl(url);
        database.setUser(DurablePostgres.USER);
        return database;
    }

    @Test
    void itIsAnsweredFromMemoryAndTheSameIdWithAnotherBodyIsRefused() throws Exception {
        assertThat(put(a, FIVE)).isEqualTo(new Effect<>(5, false));

        assertThat(put(a, FIVE)).isEqualTo(new Effect<>(5, true));
        assertThatThrownBy(() -> put(a, new Jar.Coins(6)))
                .hasCauseInstanceOf(Rejection.class)
                .hasMessageContaining("another body");
        assertThat(coins()).containsExactly("5");
    }

    @Test
    void thoseThatComeWhileTheFirstIsUnderWayWaitAndGetItsAnswer() throws Exception {
        var all = new ArrayList<CompletableFuture<Effect<Integer>>>();
        for (int i = 0; i < 50; i++) all.add(a.call(JOE, (Jar jar) -> jar.put(FIVE, REQUEST)));

        assertThat(all.getFirst().get(30, TimeUnit.SECONDS)).isEqualTo(new Effect<>(5, false));
        for (CompletableFuture<Effect<Integer>> each : all.subList(1, all.size()))
            assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(new Effect<>(5, true));
        assertThat(coins()).containsExactly("5");
    }

    @Test
    void theNextOwnerAnswersItFromItsRow() throws Exception {
        Incarnation before = a.incarnation();
        network.cutForGood(Cut.AFTER, "COMMIT");
        CompletableFuture<Effect<Integer>> lost = a.call(JOE, (Jar jar) -> jar.put(FIVE, REQUEST));
        await("the commit has arrived").atMost(SOON).until(() -> coins().equals(List.of("5")));

        try (var b = instance("b", url)) {
            await().atMost(SOON).until(b::isRegistered);
            await("b buries a").atMost(SOON).until(() -> b.buries(before));
            await("b owns joe").atMost(SOON).until(() -> b.owns(JOE));

            assertThat(put(b, FIVE)).isEqualTo(new Effect<>(5, true));
            assertThatThrownBy(() -> put(b, new Jar.Coins(6))).hasCauseInstanceOf(Rejection.class);
        }

        assertThatThrownBy(() -> lost.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutcomeUnknown.class);
        assertThat(coins()).containsExactly("5");
        assertThat(column("select count(*)::text from plumb.request")).containsExactly("1");
        assertThat(column("select rule || ' ' || detail from plumb.violations()"))
                .isEmpty();
    }

    @Test
    void whatMemoryMissesTheDatabaseRefuses() throws Exception {
        put(a, FIVE, RequestId.ofClient("loads-the-jar"));
        try (var connection = postgres.connect(DATABASE);
                var behind = connection.createStatement()) {
            behind.execute("insert into plumb.request (domain, key, request_id, fingerprint, answer, range_id, epoch)"
                    + " select domain, key, 'client:tonight', fingerprint, answer, range_id, epoch from plumb.request");
        }

        assertThatThrownBy(() -> put(a, FIVE)).hasCauseInstanceOf(WriteFailed.class);
        assertThat(coins()).containsExactly("5");
        assertThat(put(a, FIVE)).as("loaded anew").isEqualTo(new Effect<>(5, true));
    }

    @Test
    void itIsForgottenAfterAWhile() throws Exception {
        put(a, FIVE);
        var rows = new RequestRows(database());

        assertThat(rows.prune(Duration.ofDays(1))).isZero();
        assertThat(rows.prune(Duration.ZERO)).isEqualTo(1);
    }

    private static Effect<Integer> put(WiredInstance at, Jar.Coins coins) throws Exception {
        return put(at, coins, REQUEST);
    }

    private static Effect<Integer> put(WiredInstance at, Jar.Coins coins, RequestId request) throws Exception {
        return at.<Jar, Effect<Integer>>call(JOE, jar -> jar.put(coins, request))
                .get(30, TimeUnit.SECONDS);
    }

    private List<String> coins() throws SQLException {
        return column("select coins::text from jar");
    }

    private List<String> column(String sql) throws SQLException {
        return Account.column(postgres, DATABASE, sql);
    }
}
