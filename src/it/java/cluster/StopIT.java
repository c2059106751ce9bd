package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
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
    void whatOnlyMemoryKnowsGoesAlongWithAPlannedMove() throws Exception {
        Http.Answer created = Http.send(Http.request(cluster.instance(2), "/api/customers")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Http.JOE)));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String orders = "/api/customers/" + created.member("id") + "/orders";
        Http.Answer placed = Http.send(Http.request(cluster.instance(2), orders).POST(BodyPublishers.noBody()));
        assertThat(placed.header("Plumb-Owner")).isEqualTo(cluster.instance(2).name());
        String order = placed.member("id");
        Http.Answer reported = Http.send(Http.request(cluster.instance(1), orders + "/" + order + "/courier")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"lat\":52.5,\"lon\":13.25}")));
        assertThat(reported.status()).as(reported.body()).isEqualTo(204);

        cluster.instance(2).stop(Duration.ofSeconds(60));

        Http.Answer live = Http.get(cluster.instance(1), orders + "/live");
        assertThat(live.body()).contains(order).contains("\"lat\":52.5").contains("\"lon\":13.25");
        assertThat(live.header("Plumb-Owner")).isNotEqualTo(cluster.instance(2).name());
    }

    @Test
    void aNewcomerGetsItsShareWithoutFailingARequest() throws Exception {
        cluster.instance(3).stop(Duration.ofSeconds(60));
        try (var regulars = new Regulars(16, List.of(cluster.instance(1), cluster.instance(2)), Regulars.STEADY)) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 5);

            Cluster.healthy(); // starts it again, and waits for its share

            int after = regulars.leastAcknowledged();
            await("go on").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= after + 5);
            regulars.close();
            assertThat(regulars.failures()).isEmpty();
            Audit.check(cluster, regulars);
        }
    }

    /// The server takes the application away before it tells it, so a few requests may wait in vain; each is told so.
    @Test
    void aStopUnderLoadLosesAndDoublesNothing() throws Exception {
        try (var regulars = new Regulars(16, List.of(cluster.instance(1), cluster.instance(2)))) {
            await("orders flow").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= 5);

            cluster.instance(3).stop(Duration.ofSeconds(60));

            int before = regulars.leastAcknowledged();
            await("go on").atMost(Duration.ofSeconds(30)).until(() -> regulars.leastAcknowledged() >= before + 5);
            regulars.close();
            assertThat(regulars.failures().keySet())
                    .as("503 always means: not applied")
                    .allMatch(failure -> failure.startsWith("503 https://plumb.example/problems/")
                            || failure.matches("50[24] https://plumb.example/problems/outcome-unknown.*"));
            Audit.check(cluster, regulars);
        }
    }
}
