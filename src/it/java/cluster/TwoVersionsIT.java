package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A later version is rolled out under load over the running present one, migrates the schemas, and is taken back. One
/// instance with every build; `-Dplumb.versions.all=true` for all three, one after the other.
@Tag("faults") // with `mvn -Pchaos verify`
@Timeout(1_200)
class TwoVersionsIT {
    private static final boolean ALL = Boolean.getBoolean("plumb.versions.all");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();
    private final Rotation rotation = new Rotation(cluster.instances());

    @AfterEach
    void presentVersion() {
        for (int n = 1; n <= Cluster.SIZE; n++) {
            if (!isLater(n)) continue;
            cluster.instance(n).signal("KILL");
            cluster.asUsual(n);
        }
    }

    @Test
    void twoVersionsServeTogetherAndTheLaterOneCanBeTakenBack() throws Exception {
        Path later = NewerWar.of(Cluster.WAR);
        List<Integer> numbers = ALL ? List.of(1, 2, 3) : List.of(1);
        try (var regulars = new Regulars(12, rotation.open())) {
            regulars.goOn(5);
            for (int n : numbers) {
                rotation.replace(cluster.instance(n), () -> cluster.equip(n, later, Map.of()));
                if (n < Cluster.SIZE) together(n, Cluster.SIZE);
                regulars.goOn(5);
            }
            assertThat(cluster.longs("select count(*) from information_schema.columns where column_name = 'later'"))
                    .as("migrated, under the feet of the present version")
                    .containsExactly(4L);

            for (int n : numbers) rotation.replace(cluster.instance(n), () -> cluster.asUsual(n));
            assertThat(numbers).noneMatch(this::isLater);
            regulars.goOn(5);
            regulars.close();

            assertThat(regulars.failures().keySet())
                    .as("a fresh process on a slow machine is slow, and no more than that")
                    .allMatch(failure -> failure.startsWith("503 ") || failure.startsWith("504 "));
            Audit.check(cluster, regulars);
        }
    }

    /// Each owns something, and is reached through the other.
    private void together(int newer, int older) throws Exception {
        assertThat(isLater(newer)).isTrue();
        assertThat(isLater(older)).isFalse();
        Instance one = cluster.instance(newer);
        Instance other = cluster.instance(older);
        if (rangesOf(one).isEmpty()) give(rangesOf(other).getFirst(), one);
        through(one, Http.customerOf(other), other);
        through(other, Http.customerOf(one), one);
    }

    private static void through(Instance door, UUID customer, Instance owner) throws Exception {
        Http.Answer order = Http.send(Http.reorder(door, customer));
        assertThat(order.status()).as(order.body()).isEqualTo(201);
        assertThat(order.header("Plumb-Owner")).isEqualTo(owner.name());
        assertThat(order.header("Via")).contains(door.name());
    }

    /// While versions are mixed, an instance that has been restarted gets ranges only from the next one that leaves.
    private void give(String range, Instance to) {
        await("it is moved by hand").atMost(PATIENCE).until(() -> {
            String epoch = cluster.strings("select epoch from plumb.range_lease where range_id = " + range)
                    .getFirst();
            Http.send(Http.request(to, "/api/plumb/ranges/" + range + "/move")
                    .header("If-Match", "\"" + epoch + "\"")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"to\":\"" + to.name() + "\",\"reason\":\"a try\"}")));
            return rangesOf(to).contains(range);
        });
    }

    private List<String> rangesOf(Instance instance) {
        return cluster.strings(
                "select r.range_id from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                        + " where i.name = '" + instance.name() + "' order by 1");
    }

    private boolean isLater(int number) {
        return cluster.strings("select version from plumb.instance where state = 'ALIVE' and name = '"
                        + cluster.instance(number).name() + "'")
                .contains(NewerWar.VERSION);
    }
}
