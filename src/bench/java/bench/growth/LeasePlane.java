package bench.growth;

import bench.MadeUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import plumb.ownership.KeeperSettings;
import plumb.ownership.Ownership;
import plumb.ownership.SteppedKeeper;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresHeartbeat;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresSettings;
import plumb.testsupport.DurablePostgres;

/// Many instances that do nothing but keep their leases, over one Postgres: real keepers and real heartbeats on a
/// connection each, on a few threads that share a few lease tables, with all periods stretched so that a small machine
/// can do it. What they use is scaled back to the real periods.
final class LeasePlane {
    private static final int THREADS = 8;
    private static final int CONNECTIONS = 1_200;
    private static final int RANGES = 1_024;
    private static final long SEED = 20_261_129;

    /// So many at their real pace use about a fifth of a core.
    private static final double AT_REAL_PACE = 100;

    private static final double LEAST_STRETCH = 0.2;
    private static final int MOST_TICKS = 10;

    private final Sizes sizes;

    LeasePlane(Sizes sizes) {
        this.sizes = sizes;
    }

    void measure(Consumer<Sheet> out) throws Exception {
        var sheet = new Sheet(
                        "instances",
                        "periods times",
                        "Postgres, CPU ms/s",
                        "of that each instance's, CPU ms/s",
                        "an instance itself, CPU ms/s",
                        "transactions/s",
                        "renewal, ms",
                        "self-fences")
                .picture("growth-leases-postgres.svg", "Postgres, when nothing happens", "CPU ms per second", 1)
                .picture(
                        "growth-leases-each.svg", "For each instance, when nothing happens", "CPU ms per second", 2, 3);
        try (var postgres = DurablePostgres.startFor(CONNECTIONS)) {
            measure(postgres, sizes.simulated().getFirst()); // in vain
            for (int instances : sizes.simulated()) sheet.add(instances, measure(postgres, instances));
        }
        out.accept(sheet);
    }

    private double[] measure(DurablePostgres postgres, int instances) throws Exception {
        String url = postgres.createDatabase("leases");
        var connections = new Connections(PostgresSettings.of(url, DurablePostgres.USER, ""));
        new Migrations(connections, LeasePlane.class.getClassLoader(), List.of("plumb")).run();
        double stretch = Math.max(LEAST_STRETCH, instances / AT_REAL_PACE);
        KeeperSettings settings = settings(stretch);
        List<PostgresLeaseTable> tables = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) tables.add(new PostgresLeaseTable(connections));
        tables.getFirst().createRanges(MadeUp.DOMAIN, "UUID", RANGES);
        List<PostgresHeartbeat> heartbeats = new ArrayList<>();
        List<SteppedKeeper> keepers = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            var heartbeat = new PostgresHeartbeat(connections, settings.ttl());
            heartbeats.add(heartbeat);
            keepers.add(new SteppedKeeper(MadeUp.info("i" + i), settings, tables.get(i % THREADS), heartbeat));
        }
        try (ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS)) {
            assemble(threads, keepers);
            return run(postgres, threads, keepers, settings, stretch);
        } finally {
            heartbeats.forEach(PostgresHeartbeat::close);
            tables.forEach(PostgresLeaseTable::close);
        }
    }

    private static KeeperSettings settings(double stretch) {
        Duration renew = Duration.ofMillis(Math.round(2_000 * stretch));
        Duration ttl = renew.multipliedBy(5).plusSeconds(10);
        return new KeeperSettings(
                ttl,
                renew,
                ttl.dividedBy(100).plusSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                new Ownership.Leased(false));
    }

    /// All are members before the first claims, so that each gets its share at once.
    private static void assemble(ScheduledExecutorService threads, List<SteppedKeeper> keepers) throws Exception {
        onEach(threads, keepers, SteppedKeeper::tick);
        onEach(threads, keepers, SteppedKeeper::renew);
        for (int i = 0; i < MOST_TICKS && !keepers.stream().allMatch(SteppedKeeper::serves); i++)
            onEach(threads, keepers, keeper -> {
                keeper.signal();
                keeper.tick();
            });
        if (!keepers.stream().allMatch(SteppedKeeper::serves)) throw new IllegalStateException("not all serve");
    }

    private static void onEach(
            ScheduledExecutorService threads, List<SteppedKeeper> keepers, Consumer<SteppedKeeper> step)
            throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (SteppedKeeper keeper : keepers) all.add(threads.submit(() -> step.accept(keeper)));
        for (Future<?> each : all) each.get();
    }

    private double[] run(
            DurablePostgres postgres,
            ScheduledExecutorService threads,
            List<SteppedKeeper> keepers,
            KeeperSettings settings,
            double stretch)
            throws Exception {
        var random = new Random(SEED);
        for (SteppedKeeper keeper : keepers) {
            again(threads, keeper::tick, random.nextLong(settings.renew().toNanos() / 2));
            again(threads, keeper::renew, random.nextLong(settings.renew().toNanos()));
        }
        Thread.sleep(sizes.load().dividedBy(5));
        Usage before = Usage.of(postgres);
        Thread.sleep(sizes.load().multipliedBy(stretch > 1 ? 2 : 1));
        Usage used = Usage.of(postgres).since(before);
        threads.shutdownNow();
        threads.awaitTermination(10, TimeUnit.SECONDS);
        double postgresMillis = used.postgres() * 1e3 / used.seconds() * stretch;
        return new double[] {
            stretch,
            postgresMillis,
            postgresMillis / keepers.size(),
            used.own() * 1e3 / used.seconds() * stretch / keepers.size(),
            used.transactions() / used.seconds() * stretch,
            keepers.stream()
                    .mapToDouble(keeper -> keeper.stats().lastRenewal().toNanos() / 1e6)
                    .average()
                    .orElse(0),
            keepers.stream().mapToLong(keeper -> keeper.stats().selfFences()).sum()
        };
    }

    /// Ends when the threads are shut down.
    private static void again(ScheduledExecutorService threads, LongSupplier step, long delay) {
        threads.schedule(
                () -> {
                    long next = step.getAsLong();
                    if (!threads.isShutdown()) again(threads, step, next);
                },
                delay,
                TimeUnit.NANOSECONDS);
    }
}
