package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Incarnation;
import plumb.postgres.CuttingProxy;
import plumb.postgres.CuttingProxy.Cut;
import plumb.testsupport.DurablePostgres;

/// Durable timers over a real database: each has its effect once, whatever becomes of the owner that set it.
@Timeout(180)
class AnAlarmFiresWhoeverOwnsItsKeyIT {
    private static final String DATABASE = "alarms";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final DurablePostgres postgres = DurablePostgres.shared();
    private String url;
    private CuttingProxy network;
    private WiredInstance a;

    @BeforeEach
    void aOwnsAll() throws SQLException, IOException {
        url = postgres.createDatabase(DATABASE);
        Bell.createTable(postgres, DATABASE);
        network = new CuttingProxy(postgres.port());
        a = instance("a", url.replaceFirst(":\\d+/", ":" + network.port() + "/"));
        await().atMost(SOON).until(() -> a.owns("joe"));
    }

    @AfterEach
    void end() throws SQLException {
        network.close();
        a.close();
        assertThat(column("select rule || ' ' || detail from plumb.violations()"))
                .isEmpty();
    }

    private static WiredInstance instance(String name, String url) {
        var instance = new WiredInstance(name, url, Bell.factory());
        instance.wiring.alarms.start();
        return instance;
    }

    @Test
    void atItsTimeAndOnce() throws Exception {
        set("joe", Duration.ofHours(1), "1");
        assertThat(column("select argument from plumb.alarm")).containsExactly("1");
        set("joe", Duration.ofMillis(300), "1");

        await().atMost(SOON).until(() -> strokes().equals(List.of("joe 1")));

        assertThat(column("select argument from plumb.alarm")).isEmpty();
        await("not again")
                .during(Duration.ofSeconds(1))
                .atMost(SOON)
                .until(() -> strokes().equals(List.of("joe 1")));
    }

    @Test
    void whatIsCancelledIsGone() throws Exception {
        set("joe", Duration.ofSeconds(5), "1");
        set("joe", Duration.ofSeconds(5), "2");
        assertThat(a.<Bell, Boolean>call("joe", bell -> bell.silence("1")).get(30, TimeUnit.SECONDS))
                .isTrue();

        await().atMost(SOON).until(() -> strokes().equals(List.of("joe 2")));

        assertThat(column("select argument from plumb.alarm")).isEmpty();
    }

    @Test
    void atTheNextOwnerIfTheFirstIsGone() throws Exception {
        set("joe", Duration.ofSeconds(5), "1"); // a has been cut off by then
        Incarnation before = a.incarnation();
        network.cutForGood(Cut.BEFORE, "");

        try (var b = instance("b", url)) {
            await().atMost(SOON).until(b::isRegistered);
            await("b buries a").atMost(SOON).until(() -> b.buries(before));

            await().atMost(SOON).until(() -> strokes().equals(List.of("joe 1")));

            assertThat(column(
                            "select (s.epoch = r.epoch)::text from stroke s join plumb.range_lease r using (range_id)"))
                    .as("written by b")
                    .containsExactly("true");
            assertThat(column("select argument from plumb.alarm")).isEmpty();
        }
    }

    /// It is committed, and nobody knows: the alarm is gone with its effect.
    @Test
    void onceAlsoIfTheAnswerOfItsCommitIsLost() throws Exception {
        set("joe", Duration.ofMillis(700), "1");
        network.cut(Cut.AFTER, "COMMIT");

        await().atMost(SOON).until(() -> strokes().equals(List.of("joe 1")));

        await().atMost(SOON).until(() -> a.owns("joe"));
        set("joe", Duration.ZERO, "2");
        await().atMost(SOON).until(() -> strokes().equals(List.of("joe 1", "joe 2")));
    }

    /// It is not committed: it fires again.
    @Test
    void onceAlsoIfItsCommitIsLost() throws Exception {
        set("joe", Duration.ofMillis(700), "1");
        network.cut(Cut.BEFORE, "COMMIT");

        await().atMost(SOON).until(() -> strokes().equals(List.of("joe 1")));
    }

    /// Thousands that are due for longer, of a key whose handler fails, until it is shut out.
    @Test
    void alsoIfSomebodyElsesCannotFire() throws Exception {
        set("ann", Duration.ofDays(1), "1"); // so that there is a row to copy
        try (var connection = postgres.connect(DATABASE);
                var behind = connection.createStatement()) {
            behind.execute("insert into plumb.alarm (domain, key, name, argument, slot, due, attempts, range_id, epoch)"
                    + " select domain, 'poison', name, '" + Bell.STUCK
                    + "' || i, slot, clock_timestamp() - interval '1 h', 0,"
                    + " range_id, epoch from plumb.alarm, generate_series(1, 3000) i");
        }
        await("shut out")
                .atMost(SOON)
                .until(() -> column("select key from plumb.quarantine where shut_at is not null")
                        .equals(List.of("poison")));
        try (var connection = postgres.connect(DATABASE);
                var behind = connection.createStatement()) {
            behind.execute("update plumb.alarm set due = clock_timestamp(), key = 'not in memory' where key = 'ann'");
        }

        await().atMost(SOON).until(() -> strokes().equals(List.of("not in memory 1")));
    }

    /// All of them, while the owner changes again and again.
    @Test
    void eachOnceHoweverOftenTheOwnerChanges() throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String key = "key-" + i % 100;
            set(key, Duration.ofMillis(8L * i), Integer.toString(i));
            all.add(key + " " + i);
        }
        try (var b = instance("b", url)) {
            await().atMost(SOON).until(b::isRegistered);
            for (int changes = 0; changes < 6; changes++) {
                String before = await("somebody owns, and knows it") // who was buried may still think so for a moment
                        .atMost(SOON)
                        .until(this::owner, now -> a.isNow(now) ? a.owns("joe") : b.isNow(now) && b.owns("joe"));
                WiredInstance other = a.isNow(before) ? b : a;
                await("the other one buries it")
                        .atMost(SOON)
                        .until(() -> other.buries(new Incarnation(UUID.fromString(before))));
                await("somebody else owns").atMost(SOON).until(() -> !owner().equals(before));
            }
            await().atMost(SOON)
                    .until(() -> column("select argument from plumb.alarm").isEmpty());
        }

        assertThat(strokes()).containsExactlyInAnyOrderElementsOf(all);
    }

    private void set(String key, Duration pause, String argument) throws Exception {
        a.<Bell, String>call(key, bell -> bell.ringIn(pause, argument)).get(30, TimeUnit.SECONDS);
    }

    private String owner() throws SQLException {
        return column("select coalesce(owner::text, '') from plumb.range_lease").getFirst();
    }

    private List<String> strokes() throws SQLException {
        return column("select bell || ' ' || argument from stroke order by argument");
    }

    private List<String> column(String sql) throws SQLException {
        return Account.column(postgres, DATABASE, sql);
    }
}
