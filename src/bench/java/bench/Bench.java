package bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;
import plumb.runtime.AlarmLag;
import plumb.runtime.HotKey;
import plumb.testsupport.DurablePostgres;

/// Runs every scenario twice, with group commit and with one commit per order, and prints a table in Markdown.
///
/// The load generator runs on the same machine and competes for its CPU: throughput here is a floor, CPU per order is
/// not affected.
public final class Bench {
    private static final int CUSTOMERS = 1_000;
    private static final int GROUP = 1_024;
    private static final double STEADY = 50; // orders per second, while instances are killed
    private static final Duration WARM_UP = Duration.ofMinutes(3);
    static final String JOE = """
            {"name":"Joe","address":{"line":"1 Main Street"},
             "usual":{"pizza":"margherita","ingredients":["tomato","mozzarella","basil"]}}""";

    private final Duration time = Duration.ofSeconds(Long.getLong("plumb.bench.seconds", 10));
    private final List<String> scenarios = List.of(
            System.getProperty("plumb.bench.scenarios", "orders,hot,reads").split(","));
    private final List<UUID> customers = new ArrayList<>();
    private final PrintStream out;

    private Bench(PrintStream out) {
        this.out = out;
        for (int i = 0; i < CUSTOMERS; i++) customers.add(UUID.randomUUID());
    }

    /// See the README.
    public static void main(String[] arguments) throws Exception {
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        Path directory = Path.of(System.getProperty("plumb.bench.dir"));
        Files.createDirectories(directory);
        try (var file = new PrintStream(Files.newOutputStream(directory.resolve("results.md")), true);
                var postgres = DurablePostgres.start()) {
            var bench = new Bench(file);
            postgres.createDatabase("bench");
            if (bench.scenarios.stream().anyMatch(Takeover.SCENARIOS::contains)) {
                bench.takeover(postgres);
                return;
            }
            if (bench.scenarios.contains("handover")) {
                bench.handover(postgres);
                return;
            }
            if (bench.scenarios.contains("viewers")) {
                bench.viewers(postgres);
                return;
            }
            if (bench.scenarios.contains("compare")) {
                bench.compare(postgres);
                return;
            }
            if (bench.scenarios.contains("handlers")) {
                new HandlersAlone(bench::say).run();
                return;
            }
            if (bench.scenarios.contains("hotkey")) {
                new HotKey(postgres, bench.time, bench::say).run();
                return;
            }
            if (bench.scenarios.contains("alarms")) {
                new AlarmLag(postgres, bench::say).run();
                return;
            }
            if (bench.scenarios.contains("lane")) {
                new LaneAlone(postgres, bench.time, bench::say).run();
                return;
            }
            bench.say(
                    "| commit | load | orders/s | failed | p50 ms | p99 ms | server CPU µs/op | Postgres CPU µs/op | mean batch |");
            bench.say("|---|---|---:|---:|---:|---:|---:|---:|---:|");
            bench.run(postgres, "grouped", GROUP);
            bench.run(postgres, "one each", 1);
        }
    }

    private void compare(DurablePostgres postgres) throws Exception {
        try (var comparison = new Comparison(postgres, this::say)) {
            comparison.run(
                    Duration.ofSeconds(Long.getLong("plumb.bench.warm", 600)),
                    Integer.getInteger("plumb.bench.rounds", 3),
                    time);
        }
    }

    private void takeover(DurablePostgres postgres) throws Exception {
        int times = Integer.getInteger("plumb.bench.times", 50);
        try (var servers = new Servers(postgres, GROUP);
                var load = new Load(64)) {
            seed(servers, load);
            load.closed(16, Duration.ofSeconds(30), random -> order(servers, random, null));
            var steady = Thread.ofPlatform().daemon().start(() -> steadily(servers, load));
            var takeover = new Takeover(servers, customers, this::say);
            for (String scenario : scenarios) takeover.run(scenario, times);
            steady.interrupt();
        }
    }

    private void handover(DurablePostgres postgres) throws Exception {
        int times = Integer.getInteger("plumb.bench.times", 50);
        double rate = Long.getLong("plumb.bench.rate", 200);
        try (var servers = new Servers(postgres, Map.of("PLUMB_BALANCE_ENABLED", "false"));
                var load = new Load(200)) {
            new HandOver(postgres, servers, load, this::say).run(times, rate, time);
        }
    }

    private void viewers(DurablePostgres postgres) throws Exception {
        double rate = Long.getLong("plumb.bench.rate", 200);
        try (var servers = new Servers(postgres, GROUP);
                var load = new Load(300)) {
            seed(servers, load);
            load.closed(64, WARM_UP, random -> order(servers, random, null));
            new Viewing(servers, load, this::say).run(rate, time, random -> order(servers, random, null));
        }
    }

    private void steadily(Servers servers, Load load) {
        try {
            while (true) load.open(STEADY, 16, time, random -> order(servers, random, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private void run(DurablePostgres postgres, String commit, int batch) throws Exception {
        try (var servers = new Servers(postgres, batch);
                var load = new Load(300)) {
            seed(servers, load);
            load.closed(64, WARM_UP, random -> order(servers, random, null)); // the JITs have done their work then
            double rate = 0;
            if (scenarios.contains("orders"))
                for (int clients : new int[] {256, 64, 16, 1}) {
                    Load.Result result = measure(
                            servers,
                            commit,
                            "orders, " + clients + " clients",
                            () -> load.closed(clients, time, random -> order(servers, random, null)));
                    if (clients == 64) rate = result.perSecond() / 2;
                }
            if (rate > 0) {
                double half = rate;
                measure(
                        servers,
                        commit,
                        String.format(Locale.ROOT, "orders, open loop, %.0f/s", half),
                        () -> load.open(half, 256, time, random -> order(servers, random, null)));
            }
            if (scenarios.contains("hot"))
                measure(
                        servers,
                        commit,
                        "orders of one customer, 64 clients",
                        () -> load.closed(64, time, random -> order(servers, random, customers.getFirst())));
            if (scenarios.contains("reads"))
                measure(
                        servers,
                        commit,
                        "reads, 64 clients",
                        () -> load.closed(64, time, random -> new HttpGet(customer(servers, random, null))));
        }
    }

    private interface Scenario {
        Load.Result run() throws InterruptedException;
    }

    private Load.Result measure(Servers servers, String commit, String name, Scenario scenario) throws Exception {
        double server = servers.serverCpu();
        double postgres = servers.postgresCpu();
        double commits = servers.sum("plumb_commits_total");
        double turns = servers.sum("plumb_commit_turns_total");
        Load.Result result = scenario.run();
        result.refusals().forEach((how, times) -> System.out.println(times + " × " + how));
        double carried = (servers.sum("plumb_commit_turns_total") - turns)
                / Math.max(1, servers.sum("plumb_commits_total") - commits);
        say(String.format(
                Locale.ROOT,
                "| %s | %s | %.0f | %d | %.1f | %.1f | %.0f | %.0f | %.1f |",
                commit,
                name,
                result.perSecond(),
                result.failed(),
                result.micros().getValueAtPercentile(50) / 1000.0,
                result.micros().getValueAtPercentile(99) / 1000.0,
                (servers.serverCpu() - server) / result.done() * 1e6,
                (servers.postgresCpu() - postgres) / result.done() * 1e6,
                carried));
        return result;
    }

    private void seed(Servers servers, Load load) throws InterruptedException {
        var left = new java.util.concurrent.ConcurrentLinkedQueue<>(customers);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 16; i++)
            threads.add(Thread.ofVirtual().start(() -> {
                for (UUID next = left.poll(); next != null; next = left.poll()) load.once(put(servers, next));
            }));
        for (Thread thread : threads) thread.join();
    }

    private static HttpUriRequestBase put(Servers servers, UUID customer) {
        var put = new HttpPut(servers.instances().getFirst().url() + "/api/customers/" + customer);
        put.setEntity(new StringEntity(JOE, ContentType.APPLICATION_JSON));
        return put;
    }

    private HttpUriRequestBase order(Servers servers, ThreadLocalRandom random, @Nullable UUID whose) {
        return new HttpPost(customer(servers, random, whose) + "/orders");
    }

    /// Through any instance; two of three requests need a hop.
    private String customer(Servers servers, ThreadLocalRandom random, @Nullable UUID whose) {
        UUID customer = whose != null ? whose : customers.get(random.nextInt(customers.size()));
        return servers.instances()
                        .get(random.nextInt(servers.instances().size()))
                        .url() + "/api/customers/" + customer;
    }

    private void say(String line) {
        System.out.println(line);
        out.println(line);
    }
}
