package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Servers that are asked to stop, and that come back.
class StopIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void aStoppedInstanceHasGivenEverythingAwayWhenItsProcessEnds() throws Exception {
        String incarnation = cluster.strings(
                        "select instance_id from plumb.instance where name = 'instance-1' and state = 'ALIVE'")
                .getFirst();

        cluster.instance(1).stop(Duration.ofSeconds(60));

        assertThat(cluster.strings("select state || ' by ' || coalesce(dead_by::text, 'nobody') from plumb.instance"
                        + " where instance_id = '" + incarnation + "'"))
                .as("released by itself, not declared dead by a peer")
                .containsExactly("DEAD by " + incarnation);
        assertThat(cluster.longs(
                        "select count(*) from plumb.range_lease where owner is null or owner = '" + incarnation + "'"))
                .as("ranges left behind")
                .containsExactly(0L);
    }

    @Test
    void neitherAStopNorANewcomerFailsARequestOfAClientOfTheOthers() throws Exception {
        List<Instance> others = List.of(cluster.instance(1), cluster.instance(2));
        try (var regulars = new Regulars(16, others)) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 5);

            cluster.instance(3).stop(Duration.ofSeconds(60));
            int before = regulars.leastAcknowledged();
            await("go on").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= before + 5);

            Cluster.healthy(); // it comes back and gets its fair share
            int after = regulars.leastAcknowledged();
            await("go on").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= after + 5);
            regulars.close();

            assertThat(regulars.failures()).isEmpty();
            Audit.check(cluster, regulars);
        }
    }
}
