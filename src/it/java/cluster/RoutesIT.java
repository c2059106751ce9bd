package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The routing table as outsiders see it, and wait for it.
@Timeout(600)
class RoutesIT {
    private static final String TABLE = "/api/routes/customer";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Cluster cluster = Cluster.healthy();
    private final Instance instance = cluster.instance(1);

    private String tag() throws Exception {
        return Http.get(instance, TABLE).header("ETag");
    }

    private CompletableFuture<Http.Answer> await304(String path, String tag, String... headers) {
        var request = Http.request(instance, path).timeout(PATIENCE).header("If-None-Match", tag);
        if (headers.length > 0) request.headers(headers);
        return Http.sendAsync(request);
    }

    @Test
    void itHasWhatAClientNeedsAndNothingOfTheInside() throws Exception {
        Http.Answer table = Http.get(instance, TABLE);

        assertThat(table.body()).contains("\"function\":1", "\"keys\":\"UUID\"", "\"lo\":0,", "\"hi\":4294967296,");
        assertThat(table.header("ETag")).isEqualTo("\"" + table.member("version") + "\"");
        for (int number = 1; number <= Cluster.SIZE; number++)
            assertThat(table.body())
                    .contains("\"url\":\"" + cluster.instance(number).url() + "\"")
                    .as("the address for peers")
                    .doesNotContain(":" + cluster.fromPeers(number).port());
        assertThat(table.body()).doesNotContain(Base64.getEncoder().encodeToString(Cluster.SECRET));
        assertThat(cluster.strings("select instance_id from plumb.instance"))
                .noneMatch(incarnation -> table.body().contains(incarnation));
    }

    @Test
    void whoKnowsItIsToldNothingAtOnceOrAfterTheWait() throws Exception {
        String tag = tag();
        assertThat(await304(TABLE, tag).get(60, TimeUnit.SECONDS).status()).isEqualTo(304);

        long begun = System.nanoTime();
        CompletableFuture<Http.Answer> preferred = await304(TABLE, tag, "Prefer", "wait=1");
        Http.Answer waited = await304(TABLE + "?wait=PT1S", tag).get(60, TimeUnit.SECONDS);

        assertThat(System.nanoTime() - begun)
                .isGreaterThan(Duration.ofMillis(900).toNanos());
        assertThat(waited.status()).isEqualTo(304);
        assertThat(waited.header("ETag")).isEqualTo(tag);
        assertThat(preferred.get(60, TimeUnit.SECONDS).status()).isEqualTo(304);
        assertThat(Http.get(instance, TABLE + "?wait=soon").status()).isEqualTo(400);
        assertThat(await304(TABLE + "?wait=PT20S", "\"0\"")
                        .get(60, TimeUnit.SECONDS)
                        .status())
                .as("who knows another one does not wait")
                .isEqualTo(200);
    }

    private void awaitWaiting(int many) {
        await("so many wait")
                .atMost(PATIENCE)
                .until(() -> Http.get(instance, "/metrics")
                        .body()
                        .lines()
                        .anyMatch(
                                line -> line.startsWith("plumb_routes_waiting{") && line.endsWith(" " + many + ".0")));
    }

    /// More than the server has threads; so they hold none.
    @Test
    void manyWaitForAChangeAndNobodyElseIsHeldUp() throws Exception {
        awaitWaiting(0); // of another test
        String tag = tag();
        List<CompletableFuture<Http.Answer>> waiting = IntStream.range(0, Cluster.WATCHERS)
                .mapToObj(i -> await304(TABLE + "?wait=PT30S", tag))
                .toList();
        awaitWaiting(Cluster.WATCHERS);

        Http.Answer refused = await304(TABLE + "?wait=PT30S", tag).get(60, TimeUnit.SECONDS);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("overloaded");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(Http.get(instance, "/api/menu").status()).isEqualTo(200);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        move();

        for (CompletableFuture<Http.Answer> each : waiting) {
            Http.Answer answer = each.get(60, TimeUnit.SECONDS);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("ETag")).isNotEqualTo(tag);
        }
        assertThat(Http.get(instance, "/metrics").body()).containsPattern("plumb_routes_waiting\\{[^}]*} 0\\.0");
    }

    private void move() throws Exception {
        long range = cluster.longs("select r.range_id from plumb.range_lease r join plumb.instance i"
                        + " on i.instance_id = r.owner where i.name = 'instance-2' order by 1")
                .getFirst();
        Http.Answer moved = Http.send(Http.request(instance, "/api/plumb/ranges/" + range + "/move")
                .header("If-Match", "*")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"to\":\"instance-3\",\"reason\":\"a test\"}")));
        assertThat(moved.status()).as(moved.body()).isEqualTo(202);
    }
}
