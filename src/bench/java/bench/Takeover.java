package bench;

import demo.Instance;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How long the customers of an instance that ends without a word are without one: again and again, one instance is
/// killed (or paused) under a steady load through the others. Timed from the signal to the first order that each of
/// some of its customers gets through.
///
/// Or all are killed at once and started again (`cold`): timed from the first answer of the first that is up.
final class Takeover {
    static final Set<String> SCENARIOS = Set.of("kill", "pause", "cold");

    private static final String LIVE = "/api/plumb/health/live";
    private static final int CUSTOMERS = 8;
    private static final int REPORT_EVERY = 10;
    private static final long BETWEEN_TRIES_NANOS = Duration.ofMillis(20).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private final Servers servers;
    private final List<UUID> customers;
    private final Consumer<String> out;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Takeover(Servers servers, List<UUID> customers, Consumer<String> out) {
        this.servers = servers;
        this.customers = customers;
        this.out = out;
        out.accept("| what | times | p50 ms | p99 ms | longest ms | tries failed with a key | tries failed without |");
        out.accept("|---|---:|---:|---:|---:|---:|---:|");
    }

    /// @param scenario one of [#SCENARIOS]
    void run(String scenario, int times) throws Exception {
        Histogram micros = new ConcurrentHistogram(PATIENCE_NANOS / 1_000, 3);
        var withKey = new Tries();
        var without = new Tries();
        for (int i = 0; i < times; i++) {
            if (scenario.equals("cold")) {
                allAtOnce(micros, withKey, without);
            } else {
                Instance victim =
                        servers.instances().get(i % servers.instances().size());
                one(victim, scenario.equals("kill") ? "KILL" : "STOP", micros, withKey, without);
            }
            servers.awaitBalanced();
            if ((i + 1) % REPORT_EVERY == 0) report(scenario, i + 1, micros, withKey, without);
        }
    }

    private void one(Instance victim, String signal, Histogram micros, Tries withKey, Tries without) throws Exception {
        List<Instance> survivors = servers.instances().stream()
                .filter(each -> !each.equals(victim))
                .toList();
        List<UUID> owned = ownedBy(victim, survivors);
        long begun = System.nanoTime();
        victim.signal(signal);
        order(survivors, owned, begun, micros, withKey, without);
        if (signal.equals("STOP")) victim.signal("CONT");
        else victim.start();
    }

    private void allAtOnce(Histogram micros, Tries withKey, Tries without) throws Exception {
        for (Instance each : servers.instances()) each.signal("KILL");
        for (Instance each : servers.instances()) each.start();
        while (servers.instances().stream().noneMatch(each -> each.status(LIVE) == 200)) Thread.sleep(20);
        List<Instance> up = servers.instances().stream()
                .filter(each -> each.status(LIVE) == 200)
                .toList();
        order(up, customers.subList(0, CUSTOMERS), System.nanoTime(), micros, withKey, without);
    }

    private void order(
            List<Instance> through, List<UUID> owned, long begun, Histogram micros, Tries withKey, Tries without)
            throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int c = 0; c < owned.size(); c++) {
            UUID customer = owned.get(c);
            boolean key = c % 2 == 0;
            threads.add(Thread.ofVirtual().start(() -> {
                orderUntilItSucceeds(through, customer, key, key ? withKey : without, begun);
                micros.recordValue((System.nanoTime() - begun) / 1_000);
            }));
        }
        for (Thread thread : threads) thread.join();
    }

    private void report(String scenario, int times, Histogram micros, Tries withKey, Tries without) {
        out.accept(String.format(
                Locale.ROOT,
                "| %s | %d x %d customers | %.0f | %.0f | %.0f | %s | %s |",
                scenario,
                times,
                CUSTOMERS,
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0,
                withKey,
                without));
    }

    private static final class Tries {
        final LongAdder all = new LongAdder();
        final LongAdder failed = new LongAdder();

        @Override
        public String toString() {
            return failed + " of " + all;
        }
    }

    private List<UUID> ownedBy(Instance victim, List<Instance> survivors) throws Exception {
        var owned = new ArrayList<UUID>();
        int from = ThreadLocalRandom.current().nextInt(customers.size());
        for (int i = 0; owned.size() < CUSTOMERS && i < customers.size(); i++) {
            UUID customer = customers.get((from + i) % customers.size());
            HttpRequest get = HttpRequest.newBuilder(
                            URI.create(survivors.getFirst().url() + path(customer)))
                    .build();
            String owner = http.send(get, BodyHandlers.discarding())
                    .headers()
                    .firstValue("Plumb-Owner")
                    .orElse("");
            if (owner.equals(victim.name())) owned.add(customer);
        }
        return owned;
    }

    private void orderUntilItSucceeds(
            List<Instance> survivors, UUID customer, boolean withKey, Tries tries, long begun) {
        String key = UUID.randomUUID().toString();
        while (System.nanoTime() - begun < PATIENCE_NANOS) {
            tries.all.increment();
            if (order(
                    survivors.get(ThreadLocalRandom.current().nextInt(survivors.size())),
                    customer,
                    withKey ? key : null)) return;
            tries.failed.increment();
            LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
        }
    }

    private boolean order(Instance through, UUID customer, @Nullable String key) {
        var request = HttpRequest.newBuilder(URI.create(through.url() + path(customer) + "/orders"))
                .POST(BodyPublishers.noBody());
        if (key != null) request.header("Idempotency-Key", key);
        try {
            HttpResponse<Void> answer = http.send(request.build(), BodyHandlers.discarding());
            return answer.statusCode() < 300;
        } catch (java.io.IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String path(UUID customer) {
        return "/api/customers/" + customer;
    }
}
