package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// One customer costs more than all others together: the planner measures it, cuts the range below and above that
/// customer, and puts the pieces together again when it is over. No request fails meanwhile.
class HotCustomerIsIsolatedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int CALLERS = 4;

    private final Cluster cluster = Cluster.healthy();
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

    @Test
    void aHotCustomerEndsUpAloneOnItsRangeAsLongAsItIsHot() throws Exception {
        assumeThat(Cluster.BY_LOAD).as("balanced by load").isTrue();
        UUID hot = Http.customerOf(cluster.instance(1));
        long ranges = ranges();
        var cooled = new AtomicBoolean();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < CALLERS; i++) {
                    int door = i;
                    callers.submit(() -> moveUntil(cooled, hot, door));
                }
                cluster.balances();
                await("alone").atMost(PATIENCE).until(() -> slotsOfRange(hot) == 1);
            } finally {
                cooled.set(true);
            }
        }
        assertThat(answers.keySet()).containsExactly(204);
        assertThat(cluster.strings(
                        "select reason from plumb.decision where made_by like 'balance on %' and kind = 'split'"))
                .anyMatch(reason -> reason.contains("of work per second on one range"));

        await("merged again")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ranges() <= ranges && slotsOfRange(hot) > 1)
                        .as(this::why)
                        .isTrue());
        assertThat(Http.get(cluster.instance(2), "/api/plumb/audit?full=true").body())
                .contains("\"violations\":[]");
    }

    private Void moveUntil(AtomicBoolean cooled, UUID customer, int door) throws IOException, InterruptedException {
        for (int house = 1; !cooled.get(); house++) {
            int status =
                    Http.move(cluster.instance((door + house) % Cluster.SIZE + 1), customer, house + " Main Street");
            answers.merge(status, 1, Integer::sum);
        }
        return null;
    }

    private String range(UUID customer) throws IOException, InterruptedException {
        return Http.get(cluster.instance(3), "/api/routes/customer/" + customer).member("range");
    }

    /// Of the customer's range.
    private long slotsOfRange(UUID customer) throws IOException, InterruptedException {
        return cluster.longs("select hi - lo from plumb.range_lease where range_id = " + range(customer)).stream()
                .findFirst()
                .orElse(Long.MAX_VALUE); // it was split meanwhile
    }

    private String why() {
        try {
            return Http.get(cluster.instance(1), "/api/plumb/balance").body();
        } catch (IOException | InterruptedException e) {
            return e.toString();
        }
    }

    private long ranges() {
        return cluster.longs("select count(*) from plumb.range_lease").getFirst();
    }
}
