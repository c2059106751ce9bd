package bench;

import demo.Instance;
import demo.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import plumb.testsupport.DurablePostgres;

/// Instances over one Postgres, three as a rule.
public final class Servers implements AutoCloseable {
    static final int SIZE = 3;
    private static final int FIRST_PORT = 18_481;
    private static final int FIRST_PORT_OF_BASELINE = 18_491;
    private static final String JVM = "-Xms512m -Xmx1g";
    private static final int RANGES = 64;
    private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();
    private static final Duration LEAVING = Duration.ofSeconds(30);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final DurablePostgres postgres;
    private final List<Instance> instances = new ArrayList<>();

    /// Of admin.
    static final String PASSWORD = "only for this benchmark";

    private Servers(DurablePostgres postgres, String directory, Path war, Size size, Map<String, String> settings) {
        this.postgres = postgres;
        for (int i = 0; i < size.instances(); i++) {
            var setup = new Instance.Setup(
                    Path.of(System.getProperty("plumb.bench.dir")).resolve(directory),
                    war,
                    Server.fromProperties("plumb.bench"),
                    settings,
                    Stream.concat(size.flags(i), Stream.of(Instance.CARRIERS)).toList());
            instances.add(Instance.prepare(setup, i + 1, size.firstPort() + i));
        }
        instances.forEach(Instance::start);
    }

    /// @param jvm flags, unless others are asked for
    private record Size(int instances, int firstPort, String jvm) {
        Stream<String> flags(int instance) {
            List<String> each = flagsOfEach(jvm);
            return Stream.of(each.get(instance % each.size()).split(" "));
        }
    }

    /// Between bars stand those of each instance.
    ///
    /// @param usual unless others are asked for
    static List<String> flagsOfEach(String usual) {
        String asked = System.getProperty("plumb.bench.jvm", "");
        return Stream.of((asked.isBlank() ? usual : asked).split("\\|"))
                .map(String::trim)
                .toList();
    }

    /// Blocks until all serve and each has its share.
    ///
    /// @param batch turns that may share one commit; 1: one commit per order
    Servers(DurablePostgres postgres, int batch) throws Exception {
        this(postgres, Map.of("PLUMB_COMMIT_BATCH", Integer.toString(batch)));
    }

    /// Blocks until all serve and each has its share.
    ///
    /// @param settings besides the address of the database and a secret
    Servers(DurablePostgres postgres, Map<String, String> settings) throws Exception {
        this(postgres, "plumb", war(), new Size(SIZE, FIRST_PORT, JVM), all(postgres, settings));
        awaitBalanced();
    }

    /// Blocks until all serve and each has its share.
    ///
    /// @param jvm their flags; with bars between them, those of each
    public Servers(DurablePostgres postgres, int instances, String jvm) throws Exception {
        this(postgres, "plumb", war(), new Size(instances, FIRST_PORT, jvm), all(postgres, Map.of()));
        awaitBalanced();
    }

    /// The last one leaves for good, as in a deployment. Blocks until the others have its share.
    public void stopLast() throws Exception {
        instances.removeLast().stop(LEAVING);
        awaitBalanced();
    }

    /// The application to compare with. Blocks until all serve.
    static Servers baseline(DurablePostgres postgres) throws Exception {
        Path directory = Files.createDirectories(Path.of(System.getProperty("plumb.bench.dir")));
        var servers = new Servers(
                postgres,
                "baseline",
                BaselineWar.in(directory, war()),
                new Size(SIZE, FIRST_PORT_OF_BASELINE, JVM),
                Map.of("BASELINE_JDBC_URL", postgres.url("bench")));
        servers.await(() -> servers.instances.stream().allMatch(each -> each.status("/api/ready") == 204));
        return servers;
    }

    private static Path war() {
        return Path.of(System.getProperty("plumb.bench.war"));
    }

    private static Map<String, String> all(DurablePostgres postgres, Map<String, String> settings) {
        var secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        var all = new HashMap<>(settings);
        all.put("PLUMB_BALANCE_ENABLED", "false"); // every line of a table over the same spread of ranges
        all.put("PLUMB_ADMIN_PASSWORD", PASSWORD);
        all.put("PLUMB_ADMIN_READONLY", "false");
        all.put("PLUMB_JDBC_URL", postgres.url("bench"));
        all.put("PLUMB_FORWARD_SECRETS", "b:" + Base64.getEncoder().encodeToString(secret));
        return all;
    }

    /// Blocks until all serve and each has its share.
    void awaitBalanced() throws Exception {
        await(() -> instances.stream().allMatch(Instance::isReady)
                && sum("plumb_lease_owned") == RANGES
                && smallestShare() >= RANGES / instances.size());
    }

    private void await(Callable<Boolean> ready) throws Exception {
        long begun = System.nanoTime();
        while (!ready.call()) {
            if (System.nanoTime() - begun > PATIENCE_NANOS)
                throw new IllegalStateException(
                        "not all serve; see " + instances.getFirst().log());
            Thread.sleep(200);
        }
    }

    public List<Instance> instances() {
        return instances;
    }

    public double serverCpu() {
        return Cpu.of(instances.stream()
                .map(each -> each.process().orElseThrow().pid())
                .toList());
    }

    public double postgresCpu() {
        return Cpu.ofTree(postgres.pid());
    }

    /// Of a metric, over all instances and labels.
    double sum(String metric) throws Exception {
        double sum = 0;
        for (Instance each : instances) sum += value(each, metric);
        return sum;
    }

    private double smallestShare() throws Exception {
        double least = Double.MAX_VALUE;
        for (Instance each : instances) least = Math.min(least, value(each, "plumb_lease_owned"));
        return least;
    }

    static double value(Instance at, String metric) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(at.url() + "/metrics")).build();
        return HTTP.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(metric + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        instances.forEach(each -> each.stop(LEAVING));
    }
}
