package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Key;
import plumb.ownership.Decision;

@Timeout(60)
class PostgresNotificationsIT {
    private static PlumbDatabase database;
    private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    private final AtomicInteger changes = new AtomicInteger(); // of the quarantine
    private PostgresNotifications notifications;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("notifications");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void listen() throws Exception {
        notifications = new PostgresNotifications(
                database.connections(), heard::add, Map.of(QuarantineTable.CHANNEL, changes::incrementAndGet));
        notifications.start();
        assertThat(next()).as("the current version comes first").isEqualTo(version());
    }

    @AfterEach
    void close() {
        notifications.close();
    }

    @Test
    void versionIsHeardWhenItsTransactionCommits() throws Exception {
        long version;
        try (Connection mover = database.transaction()) {
            version = RoutingVersion.touch(mover, "move");
            mover.commit();
        }

        assertThat(next()).isEqualTo(version);
    }

    @Test
    void theQuarantineIsReadAtFirstAndWheneverItChanges() throws Exception {
        var quarantine = new QuarantineTable(database.connections());
        await().until(() -> changes.get() >= 1);

        isHeard(() -> quarantine.shutOut(new Key("customer", "joe"), "detail", "a"));
        isHeard(() -> quarantine.release(new Key("customer", "joe"), new Decision("me", "fixed")));
        isHeard(PostgresNotificationsIT::terminate);
    }

    private interface Change {
        void make() throws Exception;
    }

    private void isHeard(Change change) throws Exception {
        int before = changes.get();
        change.make();
        await().atMost(20, TimeUnit.SECONDS).until(() -> changes.get() > before);
    }

    @Test
    void rolledBackChangeIsNotHeard() throws Exception {
        try (Connection mover = database.transaction()) {
            RoutingVersion.touch(mover, "move");
            mover.rollback();
        }

        versionIsHeardWhenItsTransactionCommits();
    }

    @Test
    void whatWasMissedWhileTheConnectionWasAwayIsReadWhenItIsBack() throws Exception {
        long version;
        try (Connection mover = database.transaction()) {
            version = RoutingVersion.touch(mover, "move");
            terminate();
            mover.commit();
        }

        await().atMost(20, TimeUnit.SECONDS).until(() -> heard.contains(version));
    }

    @Test
    void closeEndsTheSessionAndTheThreadAtOnce() throws SQLException {
        Set<Thread> before = threads();
        notifications.close();

        await().until(() -> database.query("select 1 from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'plumb notifications'")
                .isEmpty());
        await().until(() -> threads().stream().noneMatch(before::contains));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("plumb-notifications"))
                .collect(Collectors.toSet());
    }

    private long next() throws InterruptedException {
        Long version = heard.poll(10, TimeUnit.SECONDS);
        assertThat(version).as("heard within ten seconds").isNotNull();
        return version;
    }

    private static void terminate() throws SQLException {
        database.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where application_name = 'plumb notifications'");
    }

    private static long version() throws SQLException {
        return Long.parseLong(
                database.query("select v from plumb.routing_version").getFirst());
    }
}
