package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Ranges moved, split, merged and pinned by a person.
class ByHandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();

    @Test
    void aRangeIsSplitMovedAndMergedAgain() throws Exception {
        int range = rangeOf("instance-1");
        long epoch = epoch(range);
        long ranges = count();
        Http.Answer split = post(range, "split", epoch, "{\"reason\":\"a hot customer\"}");
        assertThat(split.status()).as(split.body()).isEqualTo(202);
        await("split").atMost(PATIENCE).until(() -> epoch(range) > epoch);
        assertThat(count()).isEqualTo(ranges + 1);

        String away = owner(range).equals("instance-2") ? "instance-3" : "instance-2";
        await("moved")
                .atMost(PATIENCE)
                .until(() -> move(range, away) == 409 && owner(range).equals(away));
        await("merged").atMost(PATIENCE).until(() -> {
            long now = epoch(range); // before it is counted: a merge that is done meanwhile has another one
            if (count() == ranges) return true; // once is enough
            if (!owner(range).equals(ownerOfNext(range))) move(range, ownerOfNext(range));
            else post(range, "merge", now, "{\"reason\":\"together\"}");
            return false;
        });

        assertThat(cluster.strings("select kind || ' ' || reason from plumb.decision"
                        + " where reason <> 'storm' and range_id = " + range))
                .contains("split a hot customer", "move away", "merge together");
        assertThat(cluster.strings(
                        "select made_by from plumb.decision where reason in ('a hot customer', 'away', 'together')"))
                .containsOnly("admin on instance-3");
        assertThat(Http.get(cluster.instance(1), "/api/plumb/audit?full=true").body())
                .contains("\"violations\":[]");
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        int range = rangeOf("instance-1");
        long epoch = epoch(range);

        Http.Answer tried = post(range, "split?dry-run=true", epoch, "{\"reason\":\"what if\"}");

        assertThat(tried.status()).isEqualTo(200);
        assertThat(tried.body()).contains("\"done\":false");
        assertThat(cluster.longs("select count(*) from plumb.range_lease where split_at is not null or epoch <> "
                        + epoch + " and range_id = " + range))
                .containsExactly(0L);
        assertThat(cluster.longs("select count(*) from plumb.decision where reason = 'what if'"))
                .containsExactly(0L);
    }

    @Test
    void aPinnedRangeIsMarkedAndUnpinned() throws Exception {
        int range = rangeOf("instance-1");

        Http.Answer pinned = Http.send(Http.request(cluster.instance(3), "/api/plumb/ranges/" + range + "/pin")
                .header("If-Match", tag(epoch(range)))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"reason\":\"it stays\"}")));
        assertThat(pinned.status()).as(pinned.body()).isEqualTo(202);
        assertThat(pinned.body()).contains("\"pinned\":true");

        Http.Answer unpinned = Http.send(Http.request(cluster.instance(3), "/api/plumb/ranges/" + range + "/pin")
                .header("If-Match", tag(epoch(range)))
                .DELETE());
        assertThat(unpinned.body()).contains("\"pinned\":false");
    }

    @Test
    void balancingIsTriedOutPausedAndResumedForAll() throws Exception {
        cluster.balances();
        long before = lastDecision();
        assertThat(balance("/plan?leave=instance-2").body())
                .contains("\"instance\":\"instance-1\"", "\"instance\":\"instance-3\"")
                .doesNotContain("\"instance\":\"instance-2\"");
        assertThat(balance("/plan?join=2&double=customer/" + UUID.randomUUID()).body())
                .contains("\"instance\":\"joiner-2\"");
        for (String bad : List.of("leave=nobody", "join=0", "join=x", "double=customer", "double=nothing/1"))
            assertThat(balance("/plan?" + bad).status()).as(bad).isEqualTo(422);
        assertThat(resumed(3).status()).isEqualTo(404);
        assertThat(paused("{}").status()).isEqualTo(422);

        assertThat(paused("{\"reason\":\"a look\"}").status()).isEqualTo(204);
        assertThat(Http.get(cluster.instance(2), "/api/plumb/balance").body())
                .contains("\"held\":\"paused admin on instance-1: a look\"");
        assertThat(resumed(3).status()).isEqualTo(204);

        assertThat(balance("").body()).doesNotContain("\"held\""); // the last round's note may still be of the pause
        assertThat(cluster.strings("select kind from plumb.decision where kind like '%-balance' and decision_id > "
                        + before + " order by decision_id"))
                .containsExactly("pause-balance", "resume-balance");
    }

    private long lastDecision() {
        return cluster.longs("select coalesce(max(decision_id), 0) from plumb.decision")
                .getFirst();
    }

    private Http.Answer balance(String path) throws Exception {
        return Http.get(cluster.instance(1), "/api/plumb/balance" + path);
    }

    private Http.Answer paused(String body) throws Exception {
        return Http.send(Http.request(cluster.instance(1), "/api/plumb/balance/pause")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    private Http.Answer resumed(int instance) throws Exception {
        return Http.send(Http.request(cluster.instance(instance), "/api/plumb/balance/pause")
                .DELETE());
    }

    @Test
    void whatCannotBeIsRefusedAndSaysWhy() throws Exception {
        int range = rangeOf("instance-1");
        long epoch = epoch(range);
        String why = "\"reason\":\"a test\"";
        List<Http.Answer> answers = List.of(
                post(range, "move", epoch, "{\"to\":\"nobody\"," + why + "}"),
                post(range, "move", epoch, "{\"to\":\"instance-1\"," + why + "}"),
                post(range, "move", epoch, "{\"to\":\"instance-2\"}"),
                post(range, "move", epoch + 1, "{\"to\":\"instance-2\"," + why + "}"),
                post(range, "split", epoch, "{\"at\":4294967295," + why + "}"),
                post(range, "split", epoch, "{\"at\":\"here\"," + why + "}"),
                post(range, "split", epoch, "{\"key\":\"no uuid\"," + why + "}"),
                post(999_999, "split", epoch, "{" + why + "}"),
                Http.send(Http.request(cluster.instance(3), "/api/plumb/ranges/" + range + "/merge")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{" + why + "}"))));

        assertThat(answers)
                .extracting(Http.Answer::status)
                .containsExactly(422, 409, 422, 412, 422, 422, 422, 404, 428);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.header("Content-Type")).contains("problem+json"));
        assertThat(answers.get(2).body()).contains("reason: a text is required");
        assertThat(epoch(range)).isEqualTo(epoch);
    }

    /// @return the status
    private int move(int range, String to) throws Exception {
        return post(range, "move", epoch(range), "{\"to\":\"" + to + "\",\"reason\":\"away\"}")
                .status();
    }

    private String ownerOfNext(int range) {
        return cluster.strings("select i.name from plumb.range_lease r join plumb.range_lease n on n.lo = r.hi"
                        + " join plumb.instance i on i.instance_id = n.owner where r.range_id = " + range)
                .getFirst();
    }

    /// Through an instance that does not own it.
    private Http.Answer post(int range, String operation, long epoch, String body) throws Exception {
        return Http.send(Http.request(cluster.instance(3), "/api/plumb/ranges/" + range + "/" + operation)
                .header("If-Match", tag(epoch))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static String tag(long epoch) {
        return "\"" + epoch + "\"";
    }

    /// Not the last one of the domain.
    private int rangeOf(String instance) {
        return cluster.longs(
                        "select r.range_id from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                                + " where i.name = '" + instance + "' and r.hi < 4294967296 order by r.range_id")
                .getFirst()
                .intValue();
    }

    private long epoch(int range) {
        return cluster.longs("select epoch from plumb.range_lease where range_id = " + range)
                .getFirst();
    }

    private String owner(int range) {
        return cluster.strings("select i.name from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                        + " where r.range_id = " + range)
                .getFirst();
    }

    private long count() {
        return cluster.longs("select count(*) from plumb.range_lease").getFirst();
    }
}
