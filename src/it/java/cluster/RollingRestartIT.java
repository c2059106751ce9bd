package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.lang.System.Logger.Level;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A deployment: one instance after the other is drained, stopped and started again under load. Short with every build;
/// `-Dplumb.rolling.orders=200000` goes on until so many orders are acknowledged.
@Timeout(14_400)
class RollingRestartIT {
    private static final System.Logger LOG = System.getLogger(RollingRestartIT.class.getName());
    private static final int ORDERS = Integer.getInteger("plumb.rolling.orders", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Cluster cluster = Cluster.healthy();
    private final Rotation rotation = new Rotation(cluster.instances());

    @Test
    void rollingRestartFailsNothing() throws Exception {
        try (var regulars = new Regulars(16, rotation.open(), Regulars.STEADY)) {
            await("orders flow").atMost(PATIENCE).until(() -> regulars.leastAcknowledged() >= 5);
            int rollouts = 0;
            do {
                for (Instance instance : cluster.instances()) restart(instance);
                rollouts++;
            } while (regulars.history().size() < ORDERS);
            int after = regulars.leastAcknowledged();
            await("go on").atMost(PATIENCE).until(() -> regulars.leastAcknowledged() >= after + 5);
            regulars.close();

            LOG.log(
                    Level.INFO,
                    rollouts + " rollouts, " + regulars.history().size() + " orders, ms: " + regulars.latencies());
            assertThat(regulars.failures()).isEmpty();
            Audit.check(cluster, regulars);
        }
    }

    private void restart(Instance instance) throws Exception {
        rotation.replace(instance, () -> {});
        Cluster.healthy(); // has its share again
    }

    @Test
    void anInstanceThatNobodyCanReplaceIsNotDrained() throws Exception {
        Instance last = cluster.instance(1);
        cluster.instance(2).stop(Duration.ofSeconds(60));
        cluster.instance(3).stop(Duration.ofSeconds(60));
        await("it knows")
                .atMost(PATIENCE)
                .until(() -> Http.get(last, "/api/plumb/stoppable").body().contains("No other live instance"));

        Http.Answer refused = Http.send(Http.request(last, "/api/plumb/drain").POST(BodyPublishers.noBody()));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("nobody-takes-over");
        await("it serves").atMost(PATIENCE).until(last::isReady);
    }

    @Test
    void aDrainCanBeTakenBack() throws Exception {
        Instance instance = cluster.instance(2);
        Http.Answer begun = Http.send(Http.request(instance, "/api/plumb/drain").POST(BodyPublishers.noBody()));
        assertThat(begun.status()).isEqualTo(202);
        await("not ready").atMost(PATIENCE).until(() -> !instance.isReady());
        await("the others know")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Http.get(cluster.instance(1), "/api/plumb/stoppable")
                                .body())
                        .contains("\"stoppable\":false", "instance-2 is leaving"));

        assertThat(Http.send(Http.request(instance, "/api/plumb/drain").DELETE())
                        .status())
                .isEqualTo(200);

        Cluster.healthy();
        assertThat(Http.get(instance, "/api/plumb/stoppable").body()).contains("\"stoppable\":true");
    }

    @Test
    void whatComesThroughAProxyOrABrowserChangesNothing() throws Exception {
        for (String header : List.of("X-Forwarded-For", "Origin")) {
            Http.Answer refused = Http.send(Http.stranger(cluster.instance(1), "/api/plumb/drain")
                    .header(header, "http://elsewhere.example")
                    .POST(BodyPublishers.noBody()));
            assertThat(refused.status()).isEqualTo(401);
        }
        assertThat(cluster.instance(1).isReady()).isTrue();
    }
}
