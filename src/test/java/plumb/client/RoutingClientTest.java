package plumb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Slot;

/// Where a client's requests go, over real connections to servers that stand for instances.
@Timeout(120)
class RoutingClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MIDDLE = Slot.SPACE / 2;
    private static final String LOW = keyWhere(true);
    private static final String HIGH = keyWhere(false);

    private final StandIn.Map map = new StandIn.Map();
    private final StandIn a = new StandIn(map, "a");
    private final StandIn b = new StandIn(map, "b");
    private final RoutingClient client;

    RoutingClientTest() throws IOException {
        map.owners(a, b);
        client = RoutingClient.of("n", List.of(a.url()));
    }

    private static String keyWhere(boolean low) {
        return LongStream.range(0, 1_000)
                .mapToObj(Long::toString)
                .filter(key -> Slot.of(key).value() < MIDDLE == low)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void end() {
        client.close();
        a.close();
        b.close();
    }

    private void tableIsKnown() throws InterruptedException {
        assertThat(client.awaitTable(PATIENCE)).isTrue();
    }

    private HttpResponse<String> get(String key) throws IOException, InterruptedException {
        return client.send(key, "/api/n/" + key, HttpRequest.newBuilder(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String key, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder().POST(BodyPublishers.ofString("body"));
        if (headers.length > 0) request.headers(headers);
        return client.send(key, "/api/n/" + key, request, BodyHandlers.ofString());
    }

    @Test
    void eachRequestGoesStraightToTheOwnerOfItsKey() throws Exception {
        tableIsKnown();

        assertThat(get(LOW).body()).isEqualTo("a");
        assertThat(get(HIGH).body()).isEqualTo("b");
        assertThat(post(HIGH).headers().firstValue("Via")).isEmpty();
        assertThat(client.owner(HIGH)).contains(b.url());
        assertThat(client.version()).hasValue(1);
    }

    @Test
    void beforeTheTableIsKnownAndForWhatIsNoKeyAnyDoorDoes() throws Exception {
        try (var fresh = RoutingClient.of("unknown", List.of(a.url()))) {
            HttpResponse<String> answer =
                    fresh.send(HIGH, "/api/n/" + HIGH, HttpRequest.newBuilder(), BodyHandlers.ofString());

            assertThat(answer.headers().firstValue("Via")).contains("1.1 a");
            assertThat(fresh.version()).isEmpty();
        }
        tableIsKnown();
        assertThat(get("no-number").statusCode()).isEqualTo(200);
        assertThat(client.owner("no-number")).isEmpty();
    }

    @Test
    void aChangeIsLearntByLongPoll() throws Exception {
        tableIsKnown();
        await().atMost(PATIENCE).until(() -> a.polls.contains("wait \"1\""));

        map.owners(b, a);

        await().atMost(PATIENCE).until(() -> client.version().orElse(0) == 2);
        assertThat(get(LOW).body()).isEqualTo("b");
        assertThat(a.polls).startsWith("now null", "wait \"1\"");
    }

    @Test
    void anAnswerUnderALaterEpochMakesItReadTheTable() throws Exception {
        tableIsKnown();
        a.deaf = true; // its long-poll would not answer
        await().atMost(PATIENCE).until(() -> a.polls.contains("wait \"1\""));
        map.owners(b, b);

        assertThat(get(LOW).headers().firstValue("Via")).as("by the old table").contains("1.1 a");

        await("sooner than its long-poll would fail")
                .atMost(Duration.ofSeconds(25))
                .until(() -> client.version().orElse(0) == 2);
        assertThat(get(LOW).headers().firstValue("Via")).isEmpty();
    }

    @Test
    void whoRefusesConnectionsIsPassedOverWhateverTheRequest() throws Exception {
        tableIsKnown();
        b.close();
        map.claimed = 1;
        a.answering = exchange -> StandIn.send(exchange, 200, "instead");

        assertThat(post(HIGH).body()).isEqualTo("instead");
        assertThat(get(HIGH).body()).isEqualTo("instead");
    }

    @Test
    void aSeedThatIsGoneIsNoLoss() throws Exception {
        var gone = new StandIn(map, "gone");
        URI nobody = gone.url();
        gone.close();
        try (var other = RoutingClient.of("n", List.of(nobody, a.url()))) {
            assertThat(other.awaitTable(PATIENCE)).isTrue();
            HttpResponse<String> answer =
                    other.send(HIGH, "/api/n/" + HIGH, HttpRequest.newBuilder(), BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("b");
        }
    }

    @Test
    void whatMayHaveBeenAppliedIsNotRepeatedWithoutAKey() throws Exception {
        tableIsKnown();
        b.answering = exchange -> exchange.close(); // took it, and says nothing

        assertThatThrownBy(() -> post(HIGH)).isInstanceOf(IOException.class);
        assertThat(b.requests).containsExactly("POST /api/n/" + HIGH);
        assertThat(a.requests).isEmpty();
    }

    @Test
    void aPutIsNotRepeatedEither() throws Exception {
        tableIsKnown();
        b.answering = exchange -> exchange.close();

        assertThatThrownBy(() -> client.send(
                        HIGH,
                        "/api/n/" + HIGH,
                        HttpRequest.newBuilder().PUT(BodyPublishers.ofString("x")),
                        BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        assertThat(a.requests).isEmpty();
    }

    @Test
    void withAKeyItIsRepeatedOnceElsewhere() throws Exception {
        tableIsKnown();
        b.answering = exchange -> exchange.close();

        assertThat(post(HIGH, "Idempotency-Key", "k").statusCode()).isEqualTo(200);
        assertThat(a.requests).containsExactly("POST /api/n/" + HIGH);

        a.answering = exchange -> exchange.close();
        try (var c = new StandIn(map, "c");
                var wide = RoutingClient.of("n", List.of(a.url(), c.url()))) {
            c.answering = exchange -> exchange.close();
            assertThat(wide.awaitTable(PATIENCE)).isTrue();
            int before = a.requests.size() + b.requests.size();
            HttpRequest.Builder request =
                    HttpRequest.newBuilder().POST(BodyPublishers.noBody()).header("Idempotency-Key", "k2");
            assertThatThrownBy(() -> wide.send(HIGH, "/api/n/" + HIGH, request, BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThat(a.requests.size() + b.requests.size() + c.requests.size() - before)
                    .as("twice, though there are three doors")
                    .isEqualTo(2);
        }
    }

    @Test
    void aReadIsRepeatedWhenTheOwnerIsSilent() throws Exception {
        tableIsKnown();
        b.answering = exchange -> await().forever().until(() -> false);

        HttpResponse<String> answer = client.send(
                HIGH,
                "/api/n/" + HIGH,
                HttpRequest.newBuilder().timeout(Duration.ofSeconds(5)),
                BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("Via")).contains("1.1 a");
    }

    @Test
    void aServerWithoutTheApplicationIsNoOwner() throws Exception {
        tableIsKnown();
        for (int status : new int[] {404, 503}) {
            b.answering = exchange -> StandIn.send(exchange, status, "a page of the server");
            assertThat(post(HIGH).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatTheOwnerSaysIsTheAnswerWhateverItIs() throws Exception {
        tableIsKnown();
        for (int status : new int[] {404, 409, 502, 503}) {
            b.answering = exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
                StandIn.send(exchange, status, "{}");
            };
            assertThat(post(HIGH).statusCode()).isEqualTo(status);
        }
        assertThat(a.requests).isEmpty();
    }

    @Test
    void manyAnswersUnderALaterEpochDoNotFloodTheInstances() throws Exception {
        tableIsKnown();
        map.claimed = 99; // and no table will ever say so

        long begun = System.nanoTime();
        for (int i = 0; i < 500; i++) get(LOW);
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();

        assertThat(a.polls.stream().filter("now null"::equals).count())
                .as("in " + millis + " ms")
                .isLessThanOrEqualTo(3 + millis / 250);
        assertThat(client.version()).hasValue(1);
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> RoutingClient.of("n", List.of())).isInstanceOf(IllegalArgumentException.class);
        for (String bad : List.of("ftp://x", "x", "http:///path", "http://x?y"))
            assertThatThrownBy(() -> RoutingClient.of("n", List.of(URI.create(bad))))
                    .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.send(LOW, "api", HttpRequest.newBuilder(), BodyHandlers.discarding()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void afterTheEndNobodyIsAsked() throws Exception {
        tableIsKnown();
        await().atMost(PATIENCE).until(() -> a.polls.size() == 2);
        client.close();
        map.owners(b, b);

        assertThatThrownBy(() -> get(LOW)).isInstanceOf(IOException.class);
        assertThat(client.version()).hasValue(1);
    }

    @Test
    void theEndLeavesSomebodyElsesConnectionsOpenAndAsksNoMore() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            var borrowing = new RoutingClient("n", List.of(b.url()), http);
            await().atMost(PATIENCE).until(() -> b.polls.size() == 2);

            borrowing.close();

            await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> b.polls.size() == 2);
            assertThat(borrowing
                            .send(LOW, "/api/n/" + LOW, HttpRequest.newBuilder(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("a");
        }
    }
}
