package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import demo.Server;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Slot;
import plumb.testsupport.DurablePostgres;

/// Two servers that have their ranges by configuration and redirect clients to each other. Their time to live is longer
/// than any test: what is over sooner did not wait for it.
@Timeout(900)
class StaticIT {
    private static final System.Logger LOG = System.getLogger(StaticIT.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final String HALF = "\"ranges\":32";
    private static final List<Instance> INSTANCES = new ArrayList<>();
    private static final HttpClient FOLLOWING = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private static DurablePostgres postgres;

    private final Instance first = INSTANCES.getFirst();
    private final Instance second = INSTANCES.getLast();
    private final UUID ofFirst = customerWhere(true);
    private final UUID ofSecond = customerWhere(false);

    @BeforeAll
    static void start() {
        postgres = DurablePostgres.start();
        postgres.createDatabase("fleet");
        int port = Cluster.freePorts(Cluster.SIZE);
        var setup = new Instance.Setup(
                Path.of("target", "fleet"),
                Path.of(System.getProperty("plumb.it.war")),
                Server.fromProperties("plumb.it"),
                Map.of(
                        "PLUMB_JDBC_URL", postgres.url("fleet"),
                        "PLUMB_OWNERSHIP", "static",
                        "PLUMB_STATIC_INSTANCES", "instance-1,instance-2",
                        "PLUMB_ROUTING", "redirect",
                        "PLUMB_HANDOVER_PARK", "500ms",
                        "PLUMB_LEASE_TTL", TTL.toSeconds() + "s",
                        "PLUMB_LEASE_MARGIN", "10s",
                        "PLUMB_ADMIN_PASSWORD", Http.PASSWORD,
                        "PLUMB_ADMIN_READONLY", "false"),
                List.of("-Xms128m", "-Xmx512m", "-XX:TieredStopAtLevel=1", Instance.CARRIERS));
        for (int i = 1; i <= 2; i++) INSTANCES.add(Instance.prepare(setup, i, port + i - 1));
    }

    @AfterAll
    static void end() {
        INSTANCES.forEach(instance -> instance.signal("KILL"));
        postgres.close();
    }

    @BeforeEach
    void bothServe() throws Exception {
        for (Instance instance : INSTANCES) if (instance.process().isEmpty()) instance.start();
        await("both serve").atMost(PATIENCE).until(() -> INSTANCES.stream().allMatch(Instance::isReady));
        for (UUID customer : List.of(ofFirst, ofSecond))
            await().atMost(PATIENCE).until(() -> follow(put(first, customer)).statusCode() == 201);
    }

    private static UUID customerWhere(boolean lower) {
        return Stream.generate(UUID::randomUUID)
                .filter(id -> Slot.of(id.toString()).value() < Slot.SPACE / 2 == lower)
                .findFirst()
                .orElseThrow();
    }

    private static HttpRequest.Builder put(Instance at, UUID customer) {
        return Http.request(at, Http.customer(customer))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(Http.JOE));
    }

    private static HttpResponse<String> follow(HttpRequest.Builder request) throws IOException, InterruptedException {
        return FOLLOWING.send(request.build(), BodyHandlers.ofString());
    }

    private static int status(Instance at, UUID customer) throws IOException, InterruptedException {
        return Http.get(at, Http.customer(customer)).status();
    }

    @Test
    void eachServesItsHalfAndSendsClientsOfTheOtherThere() throws Exception {
        String path = Http.customer(ofSecond) + "/orders?a=%20b";
        Http.Answer told = Http.send(Http.request(first, path).POST(BodyPublishers.noBody()));

        assertThat(told.status()).isEqualTo(307);
        assertThat(told.header("Location")).isEqualTo(second.url() + path);
        assertThat(told.header("Plumb-Owner")).isEqualTo("instance-2");
        assertThat(told.header("Plumb-Epoch")).matches("\\d+");
        assertThat(told.header("Cache-Control")).isEqualTo("no-store");
        assertThat(told.header("Via")).isEmpty();

        HttpResponse<String> ordered = follow(Http.request(first, Http.customer(ofSecond) + "/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"address\":{\"line\":\"2 Side Street\"}}")));
        assertThat(ordered.statusCode()).isEqualTo(201);
        assertThat(ordered.body()).contains("2 Side Street");
        assertThat(ordered.uri()).isEqualTo(URI.create(second.url() + Http.customer(ofSecond) + "/orders"));
        assertThat(status(first, ofFirst)).isEqualTo(200);
        assertThat(status(second, ofFirst)).isEqualTo(307);
        assertThat(Http.get(first, "/metrics").body())
                .containsPattern("plumb_route_total\\{[^}]*outcome=\"redirected\"[^}]*} [1-9]");
    }

    @Test
    void whileOneIsAwayItsCustomersAreRefusedAndThenItHasThemAgain() throws Exception {
        second.stop(PATIENCE);
        Http.Answer refused = Http.get(first, Http.customer(ofSecond));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("no-owner");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(status(first, ofFirst)).isEqualTo(200);

        second.start();

        servesSoonAfterItIsUp(second, ofSecond);
        assertThat(Http.get(first, "/api/plumb/health/live").body()).contains(HALF);
    }

    /// Of the second's death there is proof; of the first one's nobody is left who could have found any.
    @Test
    void whereAllWereKilledNobodyWaitsForHisFormerLife() throws Exception {
        second.signal("KILL");
        await("its death is proven").atMost(PATIENCE).until(() -> status(first, ofSecond) == 503);
        assertThat(Http.get(first, "/api/plumb/health/live").body())
                .as("nobody took it over")
                .contains(HALF);
        assertThat(Http.get(first, "/admin/leases.xhtml").body())
                .as("and the page names it")
                .contains("dead instance-2");
        first.signal("KILL");
        for (Instance each : INSTANCES)
            await("it ends").atMost(PATIENCE).until(() -> each.process().isEmpty());

        INSTANCES.forEach(Instance::start);

        servesSoonAfterItIsUp(first, ofFirst);
        servesSoonAfterItIsUp(second, ofSecond);
    }

    private static void servesSoonAfterItIsUp(Instance instance, UUID customer) {
        await("it is up")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> instance.status("/api/plumb/health/live") == 200);
        long up = System.nanoTime();
        await("it serves")
                .atMost(TTL.dividedBy(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> status(instance, customer) == 200);
        LOG.log(Level.INFO, instance + " serves " + Duration.ofNanos(System.nanoTime() - up) + " after it is up");
    }

    @Test
    void aDrainTakesItOutOfRotationAndNothingElse() throws Exception {
        Http.Answer drained = Http.send(Http.request(second, "/api/plumb/drain?wait=true")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.noBody()));
        assertThat(drained.status()).as(drained.body()).isEqualTo(200);
        assertThat(drained.body()).contains("\"stoppable\":false", "32 ranges are assigned to it");
        assertThat(second.isReady()).isFalse();
        assertThat(status(second, ofSecond)).isEqualTo(200);

        assertThat(Http.send(Http.request(second, "/api/plumb/drain").DELETE()).status())
                .isEqualTo(200);
        await().atMost(PATIENCE).until(second::isReady);
    }

    @Test
    void nothingIsMovedByHand() throws Exception {
        Http.Answer refused = Http.send(Http.request(first, "/api/plumb/ranges/1/move")
                .header("If-Match", "*")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"to\":\"instance-2\",\"reason\":\"a test\"}")));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("static-ownership");
    }
}
