package bench;

import bench.Contender.Door;
import bench.Scoreboard.Score;
import demo.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import plumb.testsupport.DurablePostgres;

/// What garbage collectors cost: each instance has another one. They are put under the same load in turns, by clients
/// who ask the owner, so that what an instance uses is what its own orders cost.
final class Collectors {
    private static final int CLIENTS = 64;
    private static final String HEAP = "-Xms512m -Xmx1g ";
    private static final String USUAL =
            HEAP + "-XX:+UseG1GC|" + HEAP + "-XX:+UseParallelGC|" + HEAP + "-XX:+UseSerialGC";

    private final List<String> flags; // of each instance
    private final Consumer<String> out;
    private final Crowd crowd = new Crowd();
    private final Scoreboard scores = new Scoreboard();

    Collectors(Consumer<String> out) {
        this.out = out;
        this.flags = Servers.flagsOfEach(USUAL);
    }

    /// Blocks.
    ///
    /// @param time of one load on one instance in one round
    void run(DurablePostgres postgres, Duration warmUp, int rounds, Duration time) throws Exception {
        try (var servers = new Servers(postgres, flags.size(), USUAL);
                var load = new Load(CLIENTS * 2)) {
            var plumb = new Contender("Plumb", servers, "/api", crowd.owners(servers, load));
            crowd.settle(plumb, load);
            load.closed(CLIENTS, warmUp, random -> order(plumb, crowd.anybody(random), random));
            for (int round = 0; round < rounds; round++)
                for (int turn = 0; turn < flags.size(); turn++)
                    measure(plumb, load, (turn + round) % flags.size(), time);
            scores.print(out);
            for (int i = 0; i < flags.size(); i++)
                out.accept(flags.get(i) + ": " + resident(servers.instances().get(i)));
        }
    }

    private void measure(Contender plumb, Load load, int instance, Duration time) throws InterruptedException {
        List<UUID> its = plumb.owners().entrySet().stream()
                .filter(owned -> owned.getValue() == instance)
                .map(Map.Entry::getKey)
                .toList();
        Load.Source orders = random -> order(plumb, its.get(random.nextInt(its.size())), random);
        Load.Source reads =
                random -> new HttpGet(plumb.customer(its.get(random.nextInt(its.size())), Door.OWNERS, random));
        measure(plumb, load, instance, "orders", time, orders);
        measure(plumb, load, instance, "reads", time, reads);
    }

    private void measure(Contender plumb, Load load, int instance, String what, Duration time, Load.Source source)
            throws InterruptedException {
        double server = cpu(plumb, instance);
        double postgres = plumb.postgresCpu();
        Load.Result result = load.closed(CLIENTS, time, source);
        var score = Score.of(result, cpu(plumb, instance) - server, plumb.postgresCpu() - postgres);
        scores.add(what + ", 64 clients, direct", flags.get(instance), score);
    }

    private static double cpu(Contender plumb, int instance) {
        return Cpu.of(List.of(plumb.servers()
                .instances()
                .get(instance)
                .process()
                .orElseThrow()
                .pid()));
    }

    private static HttpUriRequestBase order(Contender plumb, UUID customer, ThreadLocalRandom random) {
        return new HttpPost(plumb.customer(customer, Door.OWNERS, random) + "/orders");
    }

    private static String resident(Instance instance) throws IOException {
        long pid = instance.process().orElseThrow().pid();
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("gone");
    }
}
