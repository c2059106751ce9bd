package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Somebody opens more connections than the server has workers, and says as little on them as he can.
@Timeout(300)
class SlowBodiesIT {
    private static final int MORE_THAN_WORKERS = 500;
    private static final Duration WORKERS_WAIT = Duration.ofSeconds(25); // as long as that a body may stand still

    private final Cluster cluster = Cluster.healthy();
    private final Instance asked = cluster.instance(1);
    private final Instance owner = cluster.instance(2);

    private static String beginning(String line) {
        return line
                + " HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{";
    }

    private final List<Raw> slow = new ArrayList<>();

    /// Else a test that failed would spoil the next ones.
    @AfterEach
    void hangUp() throws Exception {
        for (Raw each : slow) each.close();
        slow.clear();
    }

    private void manySay(Instance to, String text) throws Exception {
        for (int i = 0; i < MORE_THAN_WORKERS; i++) {
            var connection = new Raw(to);
            slow.add(connection);
            connection.say(text);
        }
    }

    private void othersAreServed(UUID customer) throws Exception {
        for (Instance each : List.of(asked, owner)) {
            long begun = System.nanoTime();
            assertThat(Http.get(each, Http.customer(customer)).status()).isEqualTo(200);
            assertThat(Raw.ask(each, Raw.json("PUT " + Http.customer(customer), Http.JOE))
                            .status())
                    .isEqualTo(204);
            assertThat(Http.get(each, "/api/menu").status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(WORKERS_WAIT);
        }
    }

    @Test
    void whoeverSendsHeadsDropByDropHoldsNobodyUp() throws Exception {
        UUID customer = Http.customerOf(owner);
        manySay(asked, "GET /api/menu HTTP/1.1\r\nHost: shop");

        othersAreServed(customer);
    }

    @Test
    void whoeverStopsInHisBodyHoldsNobodyUp() throws Exception {
        UUID customer = Http.customerOf(owner);
        for (String line : List.of("PUT " + Http.customer(customer), "POST /api/customers")) {
            manySay(asked, beginning(line));

            othersAreServed(customer);

            hangUp();
        }
    }

    @Test
    void aBodyThatStandsStillIsGivenUp() throws Exception {
        UUID customer = Http.customerOf(owner);
        try (var still = new Raw(asked)) {
            still.say(beginning("PUT " + Http.customer(customer)));
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(WORKERS_WAIT.multipliedBy(2))
                    .until(still::hasAnswer);
            assertThat(still.answer().status()).isIn(0, 400, 408); // 0: there is nobody any more
        }
    }

    @Test
    void aBodyThatComesDropByDropIsGivenUpAtTheRequestsDeadline() throws Exception {
        UUID customer = Http.customerOf(owner);
        for (String line : List.of("PUT " + Http.customer(customer), "POST /api/customers"))
            try (var drops = new Raw(asked)) {
                drops.say(beginning(line).replace("\r\nContent-Type", "\r\nPlumb-Deadline: 2000\r\nContent-Type"));
                await().pollInterval(Duration.ofMillis(200))
                        .atMost(Duration.ofSeconds(25))
                        .until(() -> {
                            drops.say(" ");
                            return drops.hasAnswer();
                        });
                assertThat(drops.answer().status()).isEqualTo(408);
            }
    }
}
