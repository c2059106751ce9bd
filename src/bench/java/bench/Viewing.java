package bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.hc.client5.http.classic.methods.HttpGet;

/// What orders feel of those who look at the pages: the same open loop alternately with nobody and with five viewers,
/// each of whom has the leases renewed as often as the page does by itself. Their code is warm, too.
final class Viewing {
    private static final int VIEWERS = 5;
    private static final int ROUNDS = 5;
    private static final int CLIENTS = 256;
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final int WARM = 300; // looks at each instance

    private final Servers servers;
    private final Load load;
    private final Consumer<String> out;
    private final LongAdder looks = new LongAdder();

    Viewing(Servers servers, Load load, Consumer<String> out) {
        this.servers = servers;
        this.load = load;
        this.out = out;
    }

    /// @param rate orders per second
    /// @param time of one round
    void run(double rate, Duration time, Load.Source orders) throws Exception {
        out.accept("| viewers | orders | failed | p50 ms | p99 ms | p99.9 ms | looks | server CPU µs/order |");
        out.accept("|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (int i = 0; i < WARM * Servers.SIZE; i++) load.once(look(i));
        for (int round = 0; round < ROUNDS; round++)
            for (int viewers : new int[] {0, VIEWERS}) {
                double cpu = servers.serverCpu();
                looks.reset();
                Load.Result result = watched(viewers, () -> load.open(rate, CLIENTS, time, orders));
                Histogram micros = result.micros();
                out.accept(String.format(
                        Locale.ROOT,
                        "| %d | %d | %d | %.1f | %.1f | %.1f | %d | %.0f |",
                        viewers,
                        result.done(),
                        result.failed(),
                        micros.getValueAtPercentile(50) / 1000.0,
                        micros.getValueAtPercentile(99) / 1000.0,
                        micros.getValueAtPercentile(99.9) / 1000.0,
                        looks.sum(),
                        (servers.serverCpu() - cpu) / result.done() * 1e6));
            }
    }

    private HttpGet look(int at) {
        var look = new HttpGet(servers.instances().get(at % Servers.SIZE).url() + "/admin/leases.xhtml");
        look.setHeader("Authorization", HandOver.ADMIN);
        return look;
    }

    private interface Scenario {
        Load.Result run() throws InterruptedException;
    }

    private Load.Result watched(int viewers, Scenario scenario) throws InterruptedException {
        var over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < viewers; i++) {
            int viewer = i;
            threads.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    load.once(look(viewer));
                    looks.increment();
                    LockSupport.parkNanos(EVERY.toNanos());
                }
            }));
        }
        try {
            return scenario.run();
        } finally {
            over.set(true);
            for (Thread each : threads) {
                LockSupport.unpark(each);
                each.join();
            }
        }
    }
}
