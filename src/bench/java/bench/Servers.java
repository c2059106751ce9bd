package bench;

import demo.Instance;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import plumb.testsupport.DurablePostgres;

/// Three instances over one Postgres.
final class Servers implements AutoCloseable {
    private static final int SIZE = 3;
    private static final int FIRST_PORT = 18_481;
    private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final DurablePostgres postgres;
    private final List<Instance> instances = new ArrayList<>();

    /// Blocks until all serve and each has its share.
    ///
    /// @param batch turns that may share one commit; 1: one commit per order
    Servers(DurablePostgres postgres, int batch) throws Exception {
        this(postgres, Map.of("PLUMB_COMMIT_BATCH", Integer.toString(batch)));
    }

    /// @param settings besides the address of the database and a secret
    Servers(DurablePostgres postgres, Map<String, String> settings) throws Exception {
        this.postgres = postgres;
        var secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        var all = new HashMap<>(settings);
        all.put("PLUMB_JDBC_URL", postgres.url("bench"));
        all.put("PLUMB_FORWARD_SECRETS", "b:" + Base64.getEncoder().encodeToString(secret));
        var setup = new Instance.Setup(
                Path.of(System.getProperty("plumb.bench.dir")),
                Path.of(System.getProperty("plumb.bench.war")),
                Path.of(System.getProperty("plumb.bench.payara")),
                all,
                List.of("-Xms512m", "-Xmx1g", Instance.CARRIERS));
        for (int i = 1; i <= SIZE; i++) instances.add(Instance.prepare(setup, i, FIRST_PORT + i - 1));
        instances.forEach(Instance::start);
        awaitBalanced();
    }

    /// Blocks until all serve and each has its share.
    void awaitBalanced() throws Exception {
        long begun = System.nanoTime();
        while (!instances.stream().allMatch(Instance::isReady)
                || sum("plumb_lease_owned") != 64
                || smallestShare() < 21) {
            if (System.nanoTime() - begun > PATIENCE_NANOS)
                throw new IllegalStateException("not all serve their share; ready: "
                        + instances.stream().filter(Instance::isReady).toList());
            Thread.sleep(200);
        }
    }

    List<Instance> instances() {
        return instances;
    }

    double serverCpu() {
        return Cpu.of(instances.stream()
                .map(each -> each.process().orElseThrow().pid())
                .toList());
    }

    double postgresCpu() {
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
        instances.forEach(each -> each.stop(Duration.ofSeconds(30)));
    }
}
