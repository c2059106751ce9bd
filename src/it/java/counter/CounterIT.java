package counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import container.TwoServers;
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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.testsupport.DurablePostgres;

/// The counter of the page on two servers, over HTTP: what its unit test plays is real here, and its SQL runs.
@Timeout(300)
class CounterIT {
    private static final String DATABASE = "counter";
    private static final int PORT = 18_301;
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static TwoServers servers;
    private static Instance one;
    private static Instance two;

    @BeforeAll
    static void start() throws IOException {
        servers = TwoServers.prepare(
                "counter", PORT, "counter/V1__counter.sql", Counter.class, CounterResource.class, Totals.class);
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
    void aCounterIsTheSameWhomeverOneAsks() throws Exception {
        for (Instance owner : List.of(one, two)) {
            String name = nameOf(owner);

            assertThat(total(add(one, name, "1", 3))).isEqualTo(3);
            assertThat(total(add(two, name, "2", 4))).isEqualTo(7);

            HttpResponse<String> throughOne = get(one, name);
            HttpResponse<String> throughTwo = get(two, name);
            assertThat(total(throughOne)).isEqualTo(7);
            assertThat(throughTwo.body()).isEqualTo(throughOne.body());
            assertThat(ownerOf(throughOne)).isEqualTo(owner.name()).isEqualTo(ownerOf(throughTwo));
            assertThat(epochOf(throughOne)).isEqualTo(epochOf(throughTwo));
            assertThat(row(name)).isEqualTo("7 " + epochOf(throughOne));
        }
    }

    @Test
    void aRequestCountsOnceAndNothingIsTakenOff() throws Exception {
        String name = nameOf(two);

        String first = add(one, name, "morning", 3).body();

        assertThat(add(two, name, "morning", 3).body()).isEqualTo(first);
        assertThat(add(one, name, "morning", 4).statusCode()).isEqualTo(422);
        assertThat(add(one, name, "evening", -1).statusCode()).isEqualTo(422);
        assertThat(total(get(one, name))).isEqualTo(3);
    }

    @Test
    void theNextOwnerGoesOnInALaterEpoch() throws Exception {
        String name = nameOf(two);
        long before = epochOf(add(two, name, "morning", 3));

        two.signal("KILL");
        HttpResponse<String> again = awaitAdded(one, name, "morning", 3);

        assertThat(total(again)).isEqualTo(3);
        assertThat(ownerOf(again)).isEqualTo(one.name());
        assertThat(epochOf(again)).isGreaterThan(before);
        assertThat(total(add(one, name, "evening", 4))).isEqualTo(7);
        assertThat(row(name)).isEqualTo("7 " + epochOf(again));
        assertThat(violations()).isEmpty();
    }

    /// It stands still, with requests before its door, until somebody else has counted on; then it goes on.
    @Test
    void anOwnerThatSleptThroughItsLeaseWritesNothingAndAnswersNothingStale() throws Exception {
        String name = nameOf(two);
        long before = epochOf(add(two, name, "1", 3));

        two.signal("STOP");
        CompletableFuture<HttpResponse<String>> late;
        HttpResponse<String> meanwhile;
        try {
            late = CLIENT.sendAsync(adding(two, name, "2", 10), BodyHandlers.ofString());
            meanwhile = awaitAdded(one, name, "3", 4);
        } finally {
            two.signal("CONT");
        }
        assertThat(total(meanwhile)).isEqualTo(7);
        assertThat(epochOf(meanwhile)).isGreaterThan(before);

        late.handle((answer, failure) -> name).get(60, TimeUnit.SECONDS);

        // whatever that one was told: the same request again counts once
        assertThat(total(awaitAdded(one, name, "2", 10))).isEqualTo(17);
        await("it serves again")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get(two, name).statusCode() == 200);
        assertThat(total(get(two, name))).isEqualTo(17);
        assertThat(violations()).isEmpty();
    }

    /// A fresh one whose owner is that instance.
    private static String nameOf(Instance owner) throws Exception {
        for (int tries = 0; tries < 1_000; tries++) {
            String name = UUID.randomUUID().toString();
            HttpRequest question = HttpRequest.newBuilder(URI.create(owner.url() + "/api/routes/counter/" + name))
                    .build();
            if (CLIENT.send(question, BodyHandlers.ofString()).body().contains("\"local\":true")) return name;
        }
        throw new AssertionError(owner + " owns nothing");
    }

    private static HttpResponse<String> get(Instance at, String name) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(counter(at, name))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> add(Instance at, String name, String request, long amount) throws Exception {
        return CLIENT.send(adding(at, name, request, amount), BodyHandlers.ofString());
    }

    /// Again and again, as a client does that wants to know.
    private static HttpResponse<String> awaitAdded(Instance at, String name, String request, long amount) {
        return await("it is added")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> add(at, name, request, amount), answer -> answer.statusCode() == 200);
    }

    private static HttpRequest adding(Instance at, String name, String request, long amount) {
        return HttpRequest.newBuilder(counter(at, name))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", request)
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString("{\"amount\":" + amount + "}"))
                .build();
    }

    private static URI counter(Instance at, String name) {
        return URI.create(at.url() + "/api/counters/" + name);
    }

    private static long total(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Long.parseLong(answer.body().replaceAll(".*\"total\":(\\d+).*", "$1"));
    }

    private static String ownerOf(HttpResponse<String> answer) {
        return answer.headers().firstValue("Plumb-Owner").orElseThrow();
    }

    private static long epochOf(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Plumb-Epoch").orElseThrow();
    }

    /// Total and epoch.
    private static String row(String name) {
        return column("select total || ' ' || epoch from counter.counter where counter = '" + name + "'")
                .getFirst();
    }

    private static List<String> violations() {
        return column("select rule || ' ' || detail from plumb.violations()");
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
