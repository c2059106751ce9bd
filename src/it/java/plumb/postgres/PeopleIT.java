package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.ownership.Decision;

/// People, their tokens, and what is wished of instances.
@Timeout(60)
class PeopleIT {
    private static final Decision WHY = new Decision("a test", "it wants to");
    private static final Duration HOUR = Duration.ofHours(1);

    private static PlumbDatabase database;
    private static People people;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("people");
        people = new People(database.patientConnections());
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        database.execute("truncate plumb.person, plumb.token, plumb.decision");
    }

    private static byte[] hash(int of) {
        return new byte[] {(byte) of, 1, 2, 3};
    }

    /// Instances that start at once make one first admin.
    @Test
    void thereIsOneFirstAdmin() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> instances = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String password = "hash-" + i;
                instances.add(() -> people.addFirst("admin", "admin", password));
            }
            int added = 0;
            for (Future<Boolean> each : threads.invokeAll(instances)) if (each.get()) added++;
            assertThat(added).isEqualTo(1);
        }
        assertThat(people.hasAdmin()).isTrue();
        assertThat(people.all()).hasSize(1);
        people.put("ann", "admin", "hash", WHY);
        people.remove("admin", WHY);
        assertThat(people.addFirst("admin", "admin", "hash")).as("there is one").isFalse();
    }

    @Test
    void anotherPasswordEndsTheLogins() {
        people.put("ann", "viewer", "hash", WHY);
        people.addToken(hash(1), "ann", "login", HOUR);
        assertThat(people.ofToken(hash(1))).get().extracting(People.Row::role).isEqualTo("viewer");

        people.put("ann", "operator", null, WHY);
        assertThat(people.ofToken(hash(1))).get().extracting(People.Row::role).isEqualTo("operator");
        assertThat(people.find("ann")).get().extracting(People.Row::password).isEqualTo("hash");

        people.put("ann", "operator", "another hash", WHY);
        assertThat(people.ofToken(hash(1))).isEmpty();
    }

    @Test
    void whoIsKeptOutHasNoTokens() {
        people.put("ann", "viewer", null, WHY);
        people.addToken(hash(1), "ann", "script", HOUR);

        assertThat(people.remove("ann", WHY)).isTrue();
        assertThat(people.remove("ann", WHY)).isFalse();

        assertThat(people.ofToken(hash(1))).isEmpty();
    }

    @Test
    void tokensEndAndDoNotPileUp() throws Exception {
        people.put("ann", "viewer", null, WHY);
        people.addToken(hash(100), "ann", "script", Duration.ZERO);
        assertThat(people.ofToken(hash(100))).isEmpty();

        for (int i = 0; i < 30; i++) people.addToken(hash(i), "ann", "login", HOUR);

        assertThat(database.query("select count(*) from plumb.token")).containsExactly("20");
        assertThat(people.ofToken(hash(0))).as("the oldest").isEmpty();
        assertThat(people.ofToken(hash(29))).isPresent();
    }
}
