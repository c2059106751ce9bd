package bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import plumb.Statement;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult;
import plumb.commit.LaneSettings;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceInfo;
import plumb.ownership.LeaseTable.ClaimResult;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresFencedStore;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresSettings;
import plumb.testsupport.DurablePostgres;

/// The write path without HTTP: one lane, one row of about 300 bytes per turn, fenced. Shows what group commit is worth
/// where nothing else takes the CPU.
final class LaneAlone {
    private static final int RANGES = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Statement<Row> INSERT =
            Statement.of(Row.class, "insert into turn (id, range_id, epoch, body) values (:id, :range, :epoch, :body)");

    /// What a turn writes.
    record Row(UUID id, String body) {}

    private final DurablePostgres postgres;
    private final Duration time;
    private final Consumer<String> out;

    LaneAlone(DurablePostgres postgres, Duration time, Consumer<String> out) {
        this.postgres = postgres;
        this.time = time;
        this.out = out;
    }

    void run() throws Exception {
        var connections =
                new Connections(PostgresSettings.of(postgres.createDatabase("lane"), DurablePostgres.USER, ""));
        new Migrations(connections, LaneAlone.class.getClassLoader(), List.of("plumb")).run();
        try (var connection = postgres.connect("lane");
                var statement = connection.createStatement()) {
            statement.execute("create table turn (id uuid primary key, range_id int, epoch bigint, body text)");
        }
        out.accept("| commit | turns at once | turns/s | Postgres CPU µs/turn | lane's JVM CPU µs/turn | mean batch |");
        out.accept("|---|---:|---:|---:|---:|---:|");
        try (var table = new PostgresLeaseTable(connections)) {
            table.createRanges("lane", "UUID", RANGES);
            Incarnation me = table.register(new InstanceInfo("lane", "http://x", "http://x", "1"), null);
            List<Tenure> tenures = ((ClaimResult.Granted) table.claim(me, RANGES))
                    .leases().stream().map(lease -> lease.tenure()).toList();
            for (int clients : new int[] {1, 16, 64, 256, 1024})
                for (int batch : new int[] {1024, 1}) measure(connections, tenures, clients, batch);
        }
    }

    private void measure(Connections connections, List<Tenure> tenures, int clients, int batch) throws Exception {
        try (var completions = Executors.newVirtualThreadPerTaskExecutor();
                var lane = new CommitLane(
                        new PostgresFencedStore(connections),
                        (doubted, xid) -> CommitResult.Outcome.UNKNOWN,
                        LaneSettings.ofBatch(batch),
                        Thread.ofPlatform().factory(),
                        completions,
                        System::nanoTime)) {
            lane.start();
            turns(lane, tenures, clients, WARM_UP);
            double postgresCpu = Cpu.ofTree(postgres.pid());
            double ownCpu = Cpu.of(List.of(ProcessHandle.current().pid()));
            long commits = lane.stats().commits();
            long begun = System.nanoTime();
            long done = turns(lane, tenures, clients, time);
            double seconds = (System.nanoTime() - begun) / 1e9;
            out.accept(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.0f | %.0f | %.0f | %.1f |",
                    batch == 1 ? "one each" : "grouped",
                    clients,
                    done / seconds,
                    (Cpu.ofTree(postgres.pid()) - postgresCpu) / done * 1e6,
                    (Cpu.of(List.of(ProcessHandle.current().pid())) - ownCpu) / done * 1e6,
                    (double) done / (lane.stats().commits() - commits)));
        }
    }

    private static long turns(CommitLane lane, List<Tenure> tenures, int clients, Duration time) throws Exception {
        var done = new LongAdder();
        long begun = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            Tenure tenure = tenures.get(i % tenures.size());
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() - begun < time.toNanos()) {
                    var row = new Row(UUID.randomUUID(), "x".repeat(300));
                    CommitResult result = lane.submit(new Unit(tenure, List.of(new Write(INSERT, row))))
                            .join();
                    if (result instanceof CommitResult.Committed) done.increment();
                }
            }));
        }
        for (Thread thread : threads) thread.join();
        return done.sum();
    }
}
