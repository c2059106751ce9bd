package bench.growth;

import bench.FencedTurns;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult;
import plumb.commit.LaneSettings;
import plumb.postgres.PostgresFencedStore;
import plumb.testsupport.DurablePostgres;

/// The write path without HTTP: turns that each write one row of growing size, which cannot be compressed, in a durable
/// Postgres.
final class OrderSizes {
    private static final int CLIENTS = 64;
    private static final long SEED = 20_261_129;
    private static final double BASE64 = 3.0 / 4;

    private final DurablePostgres postgres;
    private final Sizes sizes;

    OrderSizes(DurablePostgres postgres, Sizes sizes) {
        this.postgres = postgres;
        this.sizes = sizes;
    }

    void measure(Consumer<Sheet> out) throws Exception {
        var sheet = new Sheet(
                        "bytes",
                        "orders/s",
                        "orders in a commit",
                        "Postgres, CPU µs each",
                        "the lane's process, CPU µs each",
                        "in the table, bytes each",
                        "in the log, bytes each")
                .picture("growth-order-cpu.svg", "An order of growing size", "CPU µs", 2, 3)
                .picture("growth-order-bytes.svg", "What is kept of an order", "bytes", 4, 5);
        try (var turns = new FencedTurns(postgres);
                var completions = Executors.newVirtualThreadPerTaskExecutor();
                var lane = new CommitLane(
                        new PostgresFencedStore(turns.connections()),
                        (doubted, xid) -> CommitResult.Outcome.UNKNOWN,
                        LaneSettings.ofBatch(1_024),
                        Thread.ofPlatform().factory(),
                        completions,
                        System::nanoTime)) {
            lane.start();
            submit(lane, turns, body(sizes.bytes().getFirst()), sizes.load()); // in vain
            for (int bytes : sizes.bytes()) sheet.add(bytes, measure(lane, turns, body(bytes)));
        }
        out.accept(sheet);
    }

    private static String body(int bytes) {
        var random = new byte[(int) Math.ceil(bytes * BASE64)];
        new Random(SEED).nextBytes(random);
        return Base64.getEncoder().encodeToString(random).substring(0, bytes);
    }

    private double[] measure(CommitLane lane, FencedTurns turns, String body) throws Exception {
        Duration time = sizes.load().dividedBy(3);
        submit(lane, turns, body, time.dividedBy(3));
        turns.forget();
        postgres.execute("checkpoint"); // of the former size's pages
        Usage before = Usage.of(postgres);
        long commits = lane.stats().commits();
        double done = submit(lane, turns, body, time);
        Usage used = Usage.of(postgres).since(before);
        return new double[] {
            done / used.seconds(),
            done / (lane.stats().commits() - commits),
            used.postgres() / done * 1e6,
            used.own() / done * 1e6,
            tableBytes() / done,
            used.log() / done
        };
    }

    private static long submit(CommitLane lane, FencedTurns turns, String body, Duration time)
            throws InterruptedException {
        var done = new LongAdder();
        long begun = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++)
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() - begun < time.toNanos())
                    if (lane.submit(turns.next(body)).join() instanceof CommitResult.Committed) done.increment();
            }));
        for (Thread thread : threads) thread.join();
        return done.sum();
    }

    private long tableBytes() throws SQLException {
        try (Connection connection = postgres.connect(FencedTurns.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_total_relation_size('turn')")) {
            row.next();
            return row.getLong(1);
        }
    }
}
