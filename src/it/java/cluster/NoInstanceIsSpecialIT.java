package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whoever made the last round of balancing is killed: the others serve, take over and plan on.
class NoInstanceIsSpecialIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Cluster cluster = Cluster.healthy();

    @Test
    void theOthersBalanceWhenThePlannerIsGone() throws Exception {
        assumeThat(Cluster.BY_LOAD).as("balanced by load").isTrue();
        Instance planner = cluster.named(cluster.strings("select substr(made_by, length('balance on ') + 1)"
                        + " from plumb.decision where made_by like 'balance on %' order by decision_id desc limit 1")
                .getFirst());
        Instance other = cluster.instances().stream()
                .filter(each -> !each.equals(planner))
                .findFirst()
                .orElseThrow();
        UUID elsewhere = Http.customerOf(other);
        UUID bereft = Http.customerOf(planner);
        cluster.balances();

        planner.signal("KILL");
        await("it ends").atMost(PATIENCE).until(() -> planner.process().isEmpty());

        assertThat(Http.move(other, elsewhere, "2 Main Street")).isEqualTo(204);
        await("taken over").atMost(PATIENCE).until(() -> Http.move(other, bereft, "3 Main Street") == 204);
        long before = rounds(planner);
        await("planned on").atMost(PATIENCE).until(() -> rounds(planner) >= before + 3);
    }

    /// Of all others.
    private long rounds(Instance without) throws IOException, InterruptedException {
        long rounds = 0;
        for (Instance each : cluster.instances())
            if (!each.equals(without))
                rounds += Long.parseLong(Http.get(each, "/api/plumb/balance").member("rounds"));
        return rounds;
    }
}
