package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Servers that end without a word.
class KillIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void aKilledInstanceLosesNoAcknowledgedOrderAndItsCustomersAreServedAgain() throws Exception {
        try (var regulars = new Regulars(24, cluster.instances())) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 5);

            cluster.instance(2).signal("KILL");

            int before = regulars.leastAcknowledged();
            await("everybody is served again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> regulars.leastAcknowledged() >= before + 10);
            regulars.close();
            Audit.check(cluster, regulars);
        }
        assertThat(cluster.longs(
                        "select count(*) from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                                + " where i.name = 'instance-2' and i.state <> 'DEAD'"))
                .containsExactly(0L);
    }

    @Test
    void anInstancePausedBeyondItsLeaseWritesAndAnswersNothingStale() throws Exception {
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
}
