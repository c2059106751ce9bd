package cluster;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The database goes away in the middle and comes back.
class PostgresRestartIT {
    private final Cluster cluster = Cluster.healthy();

    @Test
    void aRestartOfPostgresLosesNoAcknowledgedOrderAndDoublesNone() throws Exception {
        try (var regulars = new Regulars(24, cluster.instances())) {
            for (int restart = 0; restart < 3; restart++) {
                int before = regulars.leastAcknowledged();
                await("orders flow")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> regulars.leastAcknowledged() >= before + 5);

                cluster.postgres().restart();
            }
            int after = regulars.leastAcknowledged();
            await("orders flow again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> regulars.leastAcknowledged() >= after + 10);
            regulars.close();
            Audit.check(cluster, regulars);
        }
    }
}
