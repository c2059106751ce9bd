package bench;

import bench.growth.Growth;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import plumb.runtime.AlarmLag;
import plumb.runtime.HotKey;
import plumb.testsupport.DurablePostgres;

/// Runs the scenario that is asked for and prints a table in Markdown; orders and reads twice,
/// with group commit and with one commit per order.
///
/// The load generator runs on the same machine and competes for its CPU: throughput here is a floor, CPU per order is
/// not affected.
public final class Bench {
    private static final int GROUP = 1_024;
    private static final double STEADY = 50; // orders per second, while instances are killed

    /// Something to be measured that needs the whole run.
    private interface Part {
        void run(DurablePostgres postgres) throws Exception;
    }

    private final Duration time = Duration.ofSeconds(Long.getLong("plumb.bench.seconds", 10));
    private final Duration warm = Duration.ofSeconds(Long.getLong("plumb.bench.warm", 600));
    private final int rounds = Integer.getInteger("plumb.bench.rounds", 3);
    private final List<String> scenarios = List.of(
            System.getProperty("plumb.bench.scenarios", "orders,hot,reads").split(","));
    private final Regulars customers = new Regulars();
    private final Path directory;
    private final PrintStream out;

    private Bench(Path directory, PrintStream out) {
        this.directory = directory;
        this.out = out;
    }

    /// See the README.
    public static void main(String[] arguments) throws Exception {
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        Path directory = Path.of(System.getProperty("plumb.bench.dir"));
        Files.createDirectories(directory);
        try (var file = new PrintStream(Files.newOutputStream(directory.resolve("results.md")), true);
                var postgres = DurablePostgres.start()) {
            var bench = new Bench(directory, file);
            postgres.createDatabase("bench");
            bench.chosen().run(postgres);
        }
    }

    /// The first that is asked for.
    private Part chosen() {
        return parts().entrySet().stream()
                .filter(part -> scenarios.contains(part.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(this::loads);
    }

    private Map<String, Part> parts() {
        var parts = new LinkedHashMap<String, Part>();
        Takeover.SCENARIOS.forEach(scenario -> parts.put(scenario, this::takeover)); // all that are asked for
        parts.put("handover", this::handover);
        parts.put("viewers", this::viewers);
        parts.put("compare", this::compare);
        parts.put("collectors", this::collectors);
        parts.put("growth", postgres -> new Growth(postgres, directory, this::say).run(scenarios));
        parts.put("handlers", postgres -> new HandlersAlone(this::say).run());
        parts.put("hotkey", postgres -> new HotKey(postgres, time, this::say).run());
        parts.put("alarms", postgres -> new AlarmLag(postgres, this::say).run());
        parts.put("lane", postgres -> new LaneAlone(postgres, time, this::say).run());
        return parts;
    }

    private void loads(DurablePostgres postgres) throws Exception {
        say(
                "| commit | load | orders/s | failed | p50 ms | p99 ms | server CPU µs/op | Postgres CPU µs/op | mean batch |");
        say("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        run(postgres, "grouped", GROUP);
        run(postgres, "one each", 1);
    }

    private void compare(DurablePostgres postgres) throws Exception {
        try (var comparison = new Comparison(postgres, this::say)) {
            comparison.run(warm, rounds, time);
        }
    }

    private void collectors(DurablePostgres postgres) throws Exception {
        new Collectors(this::say).run(postgres, warm, rounds, time);
    }

    private void takeover(DurablePostgres postgres) throws Exception {
        int times = Integer.getInteger("plumb.bench.times", 50);
        try (var servers = new Servers(postgres, GROUP);
                var load = new Load(64)) {
            customers.seed(servers, load);
            load.closed(16, Duration.ofSeconds(30), random -> customers.order(servers, random));
            var steady = Thread.ofPlatform().daemon().start(() -> steadily(servers, load));
            var takeover = new Takeover(servers, customers.all(), this::say);
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
            customers.seed(servers, load);
            load.closed(64, warm, random -> customers.order(servers, random));
            new Viewing(servers, load, this::say).run(rate, time, random -> customers.order(servers, random));
        }
    }

    private void steadily(Servers servers, Load load) {
        try {
            while (true) load.open(STEADY, 16, time, random -> customers.order(servers, random));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private void run(DurablePostgres postgres, String commit, int batch) throws Exception {
        try (var servers = new Servers(postgres, batch);
                var load = new Load(300)) {
            customers.seed(servers, load);
            load.closed(64, warm, random -> customers.order(servers, random)); // the JITs have done their work then
            double rate = 0;
            if (scenarios.contains("orders"))
                for (int clients : new int[] {256, 64, 16, 1}) {
                    Load.Result result = measure(
                            servers,
                            commit,
                            "orders, " + clients + " clients",
                            () -> load.closed(clients, time, random -> customers.order(servers, random)));
                    if (clients == 64) rate = result.perSecond() / 2;
                }
            if (rate > 0) {
                double half = rate;
                measure(
                        servers,
                        commit,
                        String.format(Locale.ROOT, "orders, open loop, %.0f/s", half),
                        () -> load.open(half, 256, time, random -> customers.order(servers, random)));
            }
            if (scenarios.contains("hot"))
                measure(
                        servers,
                        commit,
                        "orders of one customer, 64 clients",
                        () -> load.closed(
                                64,
                                time,
                                random -> customers.order(
                                        servers, random, customers.all().getFirst())));
            if (scenarios.contains("reads"))
                measure(
                        servers,
                        commit,
                        "reads, 64 clients",
                        () -> load.closed(64, time, random -> customers.look(servers, random)));
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

    private void say(String line) {
        System.out.println(line);
        out.println(line);
    }
}
