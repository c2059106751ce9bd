package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Servers that end without a word.
class KillIT {
    private static final String NEW_ADDRESS = "2 Side Street";
    private static final int CUSTOMERS = 16;
    private static final int READS_EACH = 3; // well below what a mailbox takes, and all together what may wait or hop

    private final Cluster cluster = Cluster.healthy();

    @Test
    void aKilledInstanceLosesNoAcknowledgedOrderAndItsCustomersAreServedAgain() throws Exception {
        try (var regulars = new Regulars(24, cluster.instances(), Regulars.STEADY)) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 5);

            double confirmed = confirmedTakeovers();
            cluster.instance(2).signal("KILL");

            int before = regulars.leastAcknowledged();
            await("everybody is served again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> regulars.leastAcknowledged() >= before + 10);
            assertThat(confirmedTakeovers()).as("not by the time to live alone").isGreaterThan(confirmed);
            regulars.close();
            Audit.check(cluster, regulars);
        }
        assertThat(cluster.longs(
                        "select count(*) from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                                + " where i.name = 'instance-2' and i.state <> 'DEAD'"))
                .containsExactly(0L);
    }

    @Test
    void anInstancePausedBeyondItsLeaseWritesNothingStale() throws Exception {
        try (var regulars = new Regulars(12, cluster.instances())) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 5);

            cluster.instance(3).signal("STOP");
            int before = regulars.leastAcknowledged();
            await("everybody is served without it")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> regulars.leastAcknowledged() >= before + 5);
            cluster.instance(3).signal("CONT");

            int after = regulars.leastAcknowledged();
            await("and with it").atMost(Duration.ofSeconds(60)).until(() -> regulars.leastAcknowledged() >= after + 10);
            regulars.close();
            Audit.check(cluster, regulars);
        }
    }

    /// The reads wait in the paused server's socket, and the customers' states are still in its memory. Many, because
    /// the server that wakes up notices soon by itself, and they must come before that.
    @Test
    void anInstancePausedBeyondItsLeaseAnswersNoReadFromStaleMemory() throws Exception {
        Instance paused = cluster.instance(3);
        var customers = new ArrayList<UUID>();
        for (int i = 0; i < CUSTOMERS; i++) customers.add(Http.customerOf(paused));

        paused.signal("STOP");
        for (UUID each : customers)
            await("the successor acknowledges a change")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Http.move(cluster.instance(1), each, NEW_ADDRESS) == 204);
        List<CompletableFuture<Http.Answer>> reads = Stream.generate(() -> customers)
                .limit(READS_EACH)
                .flatMap(List::stream)
                .map(each ->
                        Http.sendAsync(Http.request(paused, Http.customer(each)).GET()))
                .toList();
        paused.signal("CONT");

        for (CompletableFuture<Http.Answer> each : reads) {
            Http.Answer read = each.get();
            if (read.status() == 200) assertThat(read.body()).contains(NEW_ADDRESS);
            else assertThat(read.status()).isBetween(500, 504);
        }
    }

    private double confirmedTakeovers() throws Exception {
        double sum = 0;
        for (int survivor : new int[] {1, 3})
            sum += Http.get(cluster.instance(survivor), "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("plumb_takeovers_confirmed_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        return sum;
    }
}
