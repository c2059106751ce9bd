package container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.testsupport.DurablePostgres;

/// The counters on two servers: what one handler wants of another, what all of them add up to, and what came already.
@Timeout(300)
class TwoInstancesIT {
    private static final String DATABASE = "two_instances";
    private static final int PORT = 18_291;
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static TwoServers servers;
    private static Instance one;
    private static Instance two;

    @BeforeAll
    static void start() throws IOException {
        servers = TwoServers.prepare(
                "two_instances",
                PORT,
                "container/V1__tally.sql",
                Tally.class,
                TallyNote.class,
                TallyResource.class,
                GiftsResource.class);
        one = servers.one();
        two = servers.two();
    }

    @AfterAll
    static void end() {
        servers.close();
    }

    @BeforeEach
    void bothOwnTheirHalf() {
        servers.awaitReady();
        await("each owns its half, so that nothing moves any more")
                .atMost(PATIENCE)
                .until(() -> column("""
                select string_agg(o.ranges::text, ' ')
                  from (select count(*) as ranges
                          from plumb.range_lease r
                          join plumb.instance i on i.instance_id = r.owner and i.state = 'ALIVE'
                         group by r.owner) o""").equals(List.of("4 4")));
    }

    @Test
    void aGiftReachesACounterWhereverItIs() throws Exception {
        for (Instance owner : List.of(one, two)) {
            String from = keyOf(one);
            String to = keyOf(owner);
            post(one, "/tallies/" + from + "/amounts", "fill", 10);

            String first = body(post(one, "/tallies/" + from + "/gifts/" + to, "gift", 4));
            String again = body(post(two, "/tallies/" + from + "/gifts/" + to, "gift", 4));

            assertThat(first).contains("\"total\":6").contains("\"total\":4").contains("\"repeated\":false");
            assertThat(again).isEqualTo(first.replace("false", "true"));
            assertThat(sum(from)).isEqualTo("6");
            assertThat(sum(to)).isEqualTo("4");
        }
    }

    @Test
    void aGaugeIsTheSameWhomeverOneAsksAndCountsEveryCounterOnce() throws Exception {
        long before = total(one);
        for (Instance owner : List.of(one, two))
            for (int amount = 1; amount <= 3; amount++)
                body(post(one, "/tallies/" + keyOf(owner) + "/amounts", "fill", amount));

        for (Instance asked : List.of(one, two)) assertThat(total(asked)).isEqualTo(before + 12);
        assertThat(metric(one) + metric(two)).isEqualTo(before + 12);
        String gauge = complete(two);
        assertThat(gauge).contains("\"domain\":\"tally\"").contains(one.name()).contains(two.name());
        assertThat(column("select range_id || '/' || epoch from plumb.range_lease order by range_id"))
                .containsExactlyElementsOf(rangesOf(gauge));
        assertThat(get(one, "/plumb/gauges/unheard-of").statusCode()).isEqualTo(404);
        assertThat(body(get(one, "/plumb/gauges"))).contains("\"tally_total\":\"tally\"");
    }

    @Test
    void aRequestHasOneEffectThoughItsOwnerDied() throws Exception {
        String key = keyOf(two);
        String path = "/tallies/" + key + "/amounts";
        String first = body(post(one, path, "tonight", 7));

        two.signal("KILL");
        String again = await("the other one answers")
                .atMost(PATIENCE)
                .until(() -> post(one, path, "tonight", 7), answer -> answer.statusCode() == 200)
                .body();

        assertThat(again).isEqualTo(first);
        assertThat(post(one, path, "tonight", 8).statusCode()).isEqualTo(422);
        assertThat(sum(key)).isEqualTo("7");
        assertThat(complete(one)).doesNotContain(two.name());
        assertThat(column("select rule || ' ' || detail from plumb.violations()"))
                .isEmpty();
    }

    /// A fresh one whose owner is that instance.
    private static String keyOf(Instance owner) throws Exception {
        for (int tries = 0; tries < 1_000; tries++) {
            String key = UUID.randomUUID().toString();
            if (body(get(owner, "/routes/tally/" + key)).contains("\"local\":true")) return key;
        }
        throw new AssertionError(owner + " owns nothing");
    }

    private static long total(Instance asked) {
        Matcher value =
                Pattern.compile("\"value\":(-?\\d+)").matcher(complete(asked).replaceAll("\\[[^]]*]", "[]"));
        assertThat(value.find()).isTrue();
        return Long.parseLong(value.group(1));
    }

    /// The gauge, once every range has been counted.
    private static String complete(Instance asked) {
        return await("every range is counted")
                .atMost(PATIENCE)
                .until(() -> body(get(asked, "/plumb/gauges/tally_total")), at -> at.contains("\"complete\":true"));
    }

    private static List<String> rangesOf(String gauge) {
        return Pattern.compile("\"epoch\":(\\d+),\"owner\":\"[^\"]*\",\"range\":(\\d+)")
                .matcher(gauge)
                .results()
                .sorted(Comparator.comparingInt(match -> Integer.parseInt(match.group(2))))
                .map(match -> match.group(2) + "/" + match.group(1))
                .toList();
    }

    private static long metric(Instance at) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(at.url() + "/metrics")).build();
        return CLIENT.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("plumb_live{") && line.contains("gauge=\"tally_total\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToLong(value -> (long) Double.parseDouble(value))
                .sum();
    }

    private static HttpResponse<String> get(Instance at, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(at.url() + "/api" + path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(Instance at, String path, String name, int amount) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(at.url() + "/api" + path))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", name)
                        .timeout(Duration.ofSeconds(30))
                        .POST(BodyPublishers.ofString("{\"amount\":" + amount + "}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String body(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String sum(String tally) {
        return column("select coalesce(sum(amount), 0)::text from container.tally_event where tally = '" + tally + "'")
                .getFirst();
    }

    private static List<String> column(String sql) {
        try (var connection = DurablePostgres.shared().connect(DATABASE);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (row.next()) values.add(row.getString(1));
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
