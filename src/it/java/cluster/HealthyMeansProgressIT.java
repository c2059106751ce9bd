package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What stands still shows, though renewals go on and everything else looks healthy.
class HealthyMeansProgressIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();

    @Test
    void aLaneThatStandsStillShowsAtTheProbeTheHealthThePageAndTheRange() throws Exception {
        UUID customer = UUID.randomUUID();
        Instance owner = ownerOf(customer);
        Http.putCustomer(owner, customer);
        String range = rangeOf(customer);
        try (Connection lock = cluster.postgres().connect("cluster")) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("select from plumb.range_lease for update"); // so every fence waits
            var ordering = new AtomicBoolean(true);
            var statuses = new ConcurrentLinkedQueue<Integer>();
            // the lane gives up after three tries, and the next order waits anew
            Thread orders = Thread.ofVirtual().start(() -> {
                while (ordering.get()) statuses.add(status(Http.reorder(owner, customer)));
            });
            await("the turn stands still").atMost(PATIENCE).until(() -> standstillMillis(owner, range) > 500);
            await("it is not ready").atMost(PATIENCE).until(() -> !owner.isReady());
            soon(
                    "for that reason",
                    () -> !Http.get(owner, "/api/plumb/progress").body().contains("\"problem\":null"));

            assertThat(Http.get(owner, "/api/plumb/health/ready").body()).doesNotContain("\"probe\":\"passes\"");
            assertThat(Http.get(owner, "/admin/leases.xhtml").body())
                    .contains("✗ a probe does not get through this instance");
            soon("the silence", () -> metric(owner, "plumb_probe_silence_seconds") > Cluster.TTL.toSeconds() - 1.0);
            assertThat(metric(owner, "plumb_probe_failures_total")).isPositive();
            assertThat(owner.status("/api/plumb/health/live"))
                    .as("a restart helps nobody")
                    .isEqualTo(200);
            lock.rollback();
            ordering.set(false);
            orders.join();
            assertThat(statuses).isNotEmpty().isSubsetOf(201, 503);
        }
        await("ready again").atMost(PATIENCE).until(owner::isReady);
        await("and the page says so")
                .atMost(PATIENCE)
                .until(() -> Http.get(owner, "/admin/leases.xhtml").body().contains("✓ a probe takes"));
        assertThat(cluster.longs("select count(*) from plumb.violations()")).containsExactly(0L);
    }

    @Test
    void aHandlerThatStandsStillShowsAtItsRangeAlone() throws Exception {
        UUID customer = UUID.randomUUID();
        String range = rangeOf(customer);
        Instance owner = ownerOf(customer);
        UUID neighbour = inMemoryOf(owner);
        try (Connection lock = cluster.postgres().connect("cluster")) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table usualpizza.customer in access exclusive mode");
            var asking = new AtomicBoolean(true);
            // the database ends each wait for the lock after two seconds, and the next load waits anew
            Thread reader = Thread.ofVirtual().start(() -> {
                while (asking.get()) read(owner, customer);
            });
            soon("the range shows", () -> standstillMillis(owner, range) > 500);
            soon("the worst range", () -> metric(owner, "plumb_range_standstill_seconds") > 0.5);
            soon("the longest work", () -> metric(owner, "plumb_handler_longest_work_seconds") > 0.5);
            soon(
                    "the page",
                    () -> Pattern.compile("<dt>oldest work</dt><dd>\\d+\\.\\d s</dd>")
                            .matcher(Http.get(owner, "/admin/range.xhtml?id=" + range)
                                    .body())
                            .find());
            assertThat(Http.get(owner, "/api/plumb/progress").body()).contains("\"problem\":null");
            soon("others are served", owner::isReady);
            assertThat(Http.get(owner, Http.customer(neighbour)).status()).isEqualTo(200);
            lock.rollback();
            soon("it is answered", () -> read(owner, customer) == 404);
            asking.set(false);
            reader.join();
        }
        assertThat(standstillMillis(owner, range)).isZero();
    }

    private static void soon(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).until(condition);
    }

    private static int read(Instance owner, UUID customer) {
        return status(Http.request(owner, Http.customer(customer)).GET());
    }

    /// 0: no answer came.
    private static int status(HttpRequest.Builder request) {
        try {
            return Http.send(request).status();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private UUID inMemoryOf(Instance owner) throws IOException, InterruptedException {
        while (true) {
            UUID drawn = UUID.randomUUID();
            if (!ownerOf(drawn).equals(owner)) continue;
            assertThat(Http.putCustomer(owner, drawn).status()).isEqualTo(201);
            return drawn;
        }
    }

    private Instance ownerOf(UUID customer) throws IOException, InterruptedException {
        return cluster.named(Http.get(cluster.instance(1), "/api/routes/customer/" + customer)
                .member("name"));
    }

    private String rangeOf(UUID customer) throws IOException, InterruptedException {
        return Http.get(cluster.instance(1), "/api/routes/customer/" + customer).member("range");
    }

    private static long standstillMillis(Instance at, String range) throws IOException, InterruptedException {
        String body = Http.get(at, "/api/plumb/progress").body();
        Matcher found = Pattern.compile("\"range\":" + range + "[,}]").matcher(body);
        if (!found.find()) throw new AssertionError("no range " + range + " in " + body);
        String object = body.substring(body.lastIndexOf('{', found.start()), body.indexOf('}', found.start()));
        Matcher millis = Pattern.compile("\"standstillMs\":(\\d+)").matcher(object);
        if (!millis.find()) throw new AssertionError(object);
        return Long.parseLong(millis.group(1));
    }

    private static double metric(Instance at, String name) throws IOException, InterruptedException {
        return Http.get(at, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
