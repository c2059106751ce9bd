package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Quarantined;
import plumb.ownership.Decision;
import plumb.testsupport.DurablePostgres;

/// A customer who makes his handler fail is shut out by its owner, by the next owner, and until he is released.
@Timeout(120)
class QuarantineIsKnownEverywhereIT {
    private static final String DATABASE = "known_everywhere";

    private final DurablePostgres postgres = DurablePostgres.shared();

    private WiredInstance instance(String name, String url) throws SQLException {
        var instance = new WiredInstance(name, url, Account.from(postgres, DATABASE, key -> {}));
        await().atMost(Duration.ofSeconds(40)).until(() -> instance.owns("joe"));
        return instance;
    }

    private static Object ask(WiredInstance instance, String key) throws Exception {
        return instance.<Account, Object>call(key, Account::sum).get(30, TimeUnit.SECONDS);
    }

    private static void isShutOut(WiredInstance instance, String key) {
        assertThatThrownBy(() -> ask(instance, key))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Quarantined.class);
    }

    @Test
    void untilAnOperatorReleasesIt() throws Exception {
        String url = postgres.createDatabase(DATABASE);
        Account.createTables(postgres, DATABASE);
        try (var first = instance("a", url)) {
            for (int i = 0; i < 10; i++)
                assertThatThrownBy(() -> first.<Account, Object>call("joe", account -> {
                                    throw new IllegalStateException("bug");
                                })
                                .get(30, TimeUnit.SECONDS))
                        .hasMessageContaining("bug");
            isShutOut(first, "joe");
            assertThat(ask(first, "ann")).isEqualTo(0);
            await().until(() -> first.wiring.tables.quarantine.all().size() == 1);
        }

        try (var second = instance("b", url)) {
            isShutOut(second, "joe");
            assertThat(ask(second, "ann")).isEqualTo(0);
            var row = second.wiring.tables.quarantine.all().getFirst();

            assertThat(second.wiring.tables.quarantine.release(row.key(), new Decision("me", "fixed")))
                    .isTrue();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(ask(second, "joe")).isEqualTo(0));
        }
    }
}
