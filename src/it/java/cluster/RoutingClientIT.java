package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.client.RoutingClient;

/// A client that goes straight to the owners, while these change.
@Timeout(600)
class RoutingClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int CUSTOMERS = 12;

    private final Cluster cluster = Cluster.healthy();
    private final RoutingClient client = RoutingClient.of(
            "customer",
            cluster.instances().stream().map(Instance::url).map(URI::create).toList());
    private final List<UUID> customers =
            Stream.generate(UUID::randomUUID).limit(CUSTOMERS).toList();

    RoutingClientIT() throws Exception {
        assertThat(client.awaitTable(PATIENCE)).isTrue();
        for (UUID customer : customers) {
            var put = HttpRequest.newBuilder()
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(Http.JOE));
            assertThat(send(customer, "", put).statusCode()).isEqualTo(201);
        }
    }

    @AfterEach
    void end() {
        client.close();
    }

    private HttpResponse<String> send(UUID customer, String path, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(customer.toString(), Http.customer(customer) + path, request, BodyHandlers.ofString());
    }

    private static HttpRequest.Builder reorder() {
        return HttpRequest.newBuilder().POST(BodyPublishers.noBody());
    }

    private boolean goesStraight(UUID customer) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(customer, "", HttpRequest.newBuilder());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("Via").isEmpty();
    }

    @Test
    void onceTheTableIsKnownNothingIsForwarded() throws Exception {
        var owners = ConcurrentHashMap.newKeySet();
        for (UUID customer : customers) {
            HttpResponse<String> answer = send(customer, "/orders", reorder());
            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.headers().firstValue("Via")).isEmpty();
            owners.add(answer.headers().firstValue("Plumb-Owner").orElseThrow());
        }
        assertThat(owners.size()).as("several owners").isGreaterThan(1);
    }

    @Test
    void itGoesOnWhenAnOwnerIsKilled() throws Exception {
        Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
        Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
        var over = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (UUID customer : customers)
            threads.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) if (reordered(customer, failures)) acknowledged.add(customer);
            }));
        await().atMost(PATIENCE).until(() -> acknowledged.containsAll(customers));

        cluster.instance(2).signal("KILL");

        for (int round = 0; round < 3; round++) {
            acknowledged.clear();
            await("everybody orders").atMost(PATIENCE).until(() -> acknowledged.containsAll(customers));
        }
        over.set(true);
        for (Thread thread : threads) thread.join(PATIENCE);
        // 502, 504: it was on its way to the one that was killed, through another one, and was sent again with its key
        assertThat(failures.keySet()).as("said the instances").isSubsetOf("502", "503", "504");
        for (UUID customer : customers) await("straight again").atMost(PATIENCE).until(() -> goesStraight(customer));
    }

    /// One order, until it is acknowledged.
    private boolean reordered(UUID customer, Map<String, AtomicInteger> failures) {
        String key = UUID.randomUUID().toString();
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                int status = send(customer, "/orders", reorder().header("Idempotency-Key", key))
                        .statusCode();
                if (status == 201 || status == 200) return true;
                failures.computeIfAbsent(Integer.toString(status), x -> new AtomicInteger())
                        .incrementAndGet();
            } catch (IOException e) {
                failures.computeIfAbsent(e.toString(), x -> new AtomicInteger()).incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    @Test
    void itFollowsARangeThatIsMovedWithoutAFailure() throws Exception {
        UUID customer = customers.getFirst();
        Queue<Integer> answers = new ConcurrentLinkedQueue<>();
        var over = new AtomicBoolean();
        Thread orders = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                try {
                    answers.add(send(customer, "/orders", reorder()).statusCode());
                } catch (IOException e) {
                    answers.add(0);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        for (int move = 0; move < 3; move++) {
            String before = owner(customer);
            Instance target = cluster.instances().stream()
                    .filter(each -> !each.name().equals(before))
                    .findFirst()
                    .orElseThrow();
            await("it is moved").atMost(PATIENCE).until(() -> {
                move(customer, target);
                return owner(customer).equals(target.name());
            });
            await("the client knows")
                    .atMost(PATIENCE)
                    .until(() ->
                            client.owner(customer.toString()).equals(java.util.Optional.of(URI.create(target.url()))));
            int soFar = answers.size();
            await("it goes on").atMost(PATIENCE).until(() -> answers.size() > soFar + 5);
        }
        over.set(true);
        orders.join(PATIENCE);

        assertThat(answers).containsOnly(201);
        await("straight").atMost(PATIENCE).until(() -> goesStraight(customer)); // keepers may balance meanwhile
    }

    private String owner(UUID customer) throws Exception {
        return Http.get(cluster.instance(1), "/api/routes/customer/" + customer).member("name");
    }

    private void move(UUID customer, Instance target) throws Exception {
        String range = Http.get(cluster.instance(1), "/api/routes/customer/" + customer)
                .member("range");
        Http.send(Http.request(cluster.instance(1), "/api/plumb/ranges/" + range + "/move")
                .header("If-Match", "*")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"to\":\"" + target.name() + "\",\"reason\":\"a test\"}")));
    }
}
