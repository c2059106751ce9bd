package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.System.Logger.Level;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ranges moved, split and merged at random, one change after the other, under load: no request fails. With crashes in
/// between, nothing is lost, doubled or stale. Eighty changes with every build; `-Dplumb.storm.changes=500` for more.
@Timeout(7_200)
class StormIT {
    private static final System.Logger LOG = System.getLogger(StormIT.class.getName());
    private static final int CHANGES = Integer.getInteger("plumb.storm.changes", 80);
    private static final int CHANGES_BETWEEN_CRASHES = 50;
    private static final int MOST_RANGES = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private enum Change {
        MOVE,
        SPLIT,
        MERGE
    }

    private final Cluster cluster = Cluster.healthy();
    private final long seed = Long.getLong("plumb.storm.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Map<Change, Integer> wished = new EnumMap<>(Change.class);

    @Test
    void aStormOfChangesFailsNoRequest() throws Exception {
        try (var regulars = new Regulars(16, cluster.instances(), Regulars.STEADY)) {
            await("orders flow").atMost(PATIENCE).until(() -> regulars.leastAcknowledged() >= 5);
            cluster.balances(); // the planner joins in
            for (int i = 0; i < CHANGES; i++) change();
            settle(regulars);

            assertThat(regulars.failures()).as("seed " + seed).isEmpty();
            Audit.check(cluster, regulars);
        }
    }

    @Test
    void withCrashesInBetweenNothingIsLostOrDoubled() throws Exception {
        try (var regulars = new Regulars(16, cluster.instances(), Regulars.STEADY)) {
            await("orders flow").atMost(PATIENCE).until(() -> regulars.leastAcknowledged() >= 5);
            cluster.balances(); // the planner joins in
            for (int i = 0; i < CHANGES; i++) {
                change();
                if (i % CHANGES_BETWEEN_CRASHES == CHANGES_BETWEEN_CRASHES / 2) crash();
            }
            settle(regulars);

            Audit.check(cluster, regulars);
        }
    }

    private void settle(Regulars regulars) throws InterruptedException {
        await("all wishes are fulfilled or given up, seed " + seed)
                .atMost(PATIENCE)
                .until(() -> cluster.wished() == 0);
        int after = regulars.leastAcknowledged();
        await("go on, seed " + seed).atMost(PATIENCE).until(() -> regulars.leastAcknowledged() >= after + 5);
        regulars.close();
        LOG.log(
                Level.INFO,
                wished + ", " + regulars.history().size() + " orders, ms: " + regulars.latencies() + ", failures "
                        + regulars.failures().values() + ", seed " + seed);
    }

    private void crash() {
        var victim = cluster.instance(random.nextInt(1, Cluster.SIZE + 1));
        victim.signal("KILL");
        await("it ends").atMost(PATIENCE).until(() -> victim.process().isEmpty());
        victim.start();
        await("it is back").atMost(PATIENCE).until(victim::isReady);
    }

    /// Wishes something of a random range; what cannot be is refused.
    private void change() throws Exception {
        // a hot customer's range of one slot cannot be split
        List<String> ranges =
                cluster.strings("select range_id || ' ' || epoch from plumb.range_lease where hi - lo > 1");
        String[] range = ranges.get(random.nextInt(ranges.size())).split(" ");
        Change change = ranges.size() > MOST_RANGES ? Change.MERGE : Change.values()[random.nextInt(3)];
        String body = switch (change) {
            case MOVE -> "{\"to\":\"instance-" + random.nextInt(1, Cluster.SIZE + 1) + "\",\"reason\":\"storm\"}";
            case SPLIT, MERGE -> "{\"reason\":\"storm\"}";
        };
        var door = await("somebody is ready")
                .atMost(PATIENCE)
                .until(
                        () -> cluster.instances().stream()
                                .filter(demo.Instance::isReady)
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
        Http.Answer answer = Http.send(Http.request(
                        door,
                        "/api/plumb/ranges/" + range[0] + "/" + change.name().toLowerCase(java.util.Locale.ROOT))
                .timeout(Cluster.FIRST_LOGIN)
                .header("If-Match", "\"" + range[1] + "\"")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
        boolean targetIsBetweenTwoLives = change == Change.MOVE && answer.status() == 422;
        if (answer.status() == 202) wished.merge(change, 1, Integer::sum);
        else if (!targetIsBetweenTwoLives)
            assertThat(answer.status()).as(answer.body()).isIn(409, 412, 404, 503);
    }
}
