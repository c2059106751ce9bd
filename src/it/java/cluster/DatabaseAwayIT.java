package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The database does not answer for long: gone, or locked up.
class DatabaseAwayIT {
    private static final Duration THREE_TTLS = Cluster.TTL.multipliedBy(3);
    private static final int FLOOD = 300;

    private final Cluster cluster = Cluster.healthy();

    @Test
    void anOutageOfThreeTtlsMovesNothingAndLosesNothing() throws Exception {
        List<String> owners = owners();
        try (var regulars = new Regulars(6, cluster.instances())) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 3);
            UUID reader = UUID.randomUUID();
            Http.putCustomer(cluster.instance(1), reader);
            Instance owner = cluster.named(
                    Http.get(cluster.instance(1), Http.customer(reader)).header("Plumb-Owner"));

            cluster.execute("checkpoint"); // so that its end is a short one
            cluster.postgres().stop();
            long stopped = System.nanoTime();

            assertThat(Http.get(owner, Http.customer(reader)).status())
                    .as("a read from memory, without a database")
                    .isEqualTo(200);
            var unloaded = Http.sendAsync(
                    Http.request(owner, Http.customer(UUID.randomUUID())).GET());
            await("the local deadline").atMost(Duration.ofSeconds(60)).until(() -> {
                long asked = System.nanoTime() - stopped;
                boolean refused = Http.get(owner, Http.customer(reader)).status() == 503;
                assertThat(refused || asked < Cluster.TTL.toNanos())
                        .as("answered after that")
                        .isTrue();
                return refused;
            });
            assertThat(Http.get(owner, Http.customer(UUID.randomUUID())).status())
                    .as("one that is not in memory, then")
                    .isEqualTo(503);
            assertThat(unloaded.get().status()).as("and before").isEqualTo(503);
            await("three TTLs")
                    .pollDelay(THREE_TTLS)
                    .atMost(THREE_TTLS.multipliedBy(2))
                    .until(() -> true);
            cluster.postgres().restart();

            int before = regulars.leastAcknowledged();
            await("orders flow again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> regulars.leastAcknowledged() >= before + 5);
            regulars.close();
            Audit.check(cluster, regulars);
        }
        assertThat(owners()).isEqualTo(owners);
        assertThat(cluster.strings("select name from plumb.instance where state = 'ALIVE' order by name"))
                .containsExactly("instance-1", "instance-2", "instance-3");
    }

    /// Every lane waits, every mailbox is full, every worker is taken: the renewals go on.
    @Test
    void busyIsNotDead() throws Exception {
        List<String> owners = owners();
        long renewals = renewals();
        try (var lock = cluster.postgres().connect("cluster")) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table usualpizza.customer_order in access exclusive mode");
            var customers =
                    java.util.stream.Stream.generate(UUID::randomUUID).limit(50).toList();
            for (UUID each : customers) Http.putCustomer(cluster.instance(1), each);
            var flood = java.util.stream.IntStream.range(0, FLOOD)
                    .mapToObj(i -> Http.sendAsync(Http.reorder(
                            cluster.instances().get(i % Cluster.SIZE), customers.get(i % customers.size()))))
                    .toList();
            await("three TTLs of it")
                    .atMost(THREE_TTLS.multipliedBy(2))
                    .pollDelay(THREE_TTLS)
                    .until(() -> true);
            lock.rollback();
            for (var each : flood)
                assertThat(each.handle((answer, broken) -> broken == null).get())
                        .as("an answer")
                        .isTrue();
        }
        assertThat(renewals() - renewals)
                .as("about one a second on each instance")
                .isGreaterThan(Cluster.SIZE * (THREE_TTLS.toSeconds() - 4));
        assertThat(owners()).isEqualTo(owners);
    }

    private List<String> owners() {
        return cluster.strings("select range_id || ' ' || owner from plumb.range_lease order by range_id");
    }

    private long renewals() {
        return cluster.longs("select sum(hb)::bigint from plumb.instance").getFirst();
    }
}
