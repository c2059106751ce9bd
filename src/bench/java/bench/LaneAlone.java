package bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult;
import plumb.commit.LaneSettings;
import plumb.postgres.PostgresFencedStore;
import plumb.testsupport.DurablePostgres;

/// The write path without HTTP: one lane, one row of about 300 bytes per turn, fenced. Shows what group commit is worth
/// where nothing else takes the CPU.
final class LaneAlone {
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final DurablePostgres postgres;
    private final Duration time;
    private final Consumer<String> out;

    LaneAlone(DurablePostgres postgres, Duration time, Consumer<String> out) {
        this.postgres = postgres;
        this.time = time;
        this.out = out;
    }

    void run() throws Exception {
        out.accept("| commit | turns at once | turns/s | Postgres CPU µs/turn | lane's JVM CPU µs/turn | mean batch |");
        out.accept("|---|---:|---:|---:|---:|---:|");
        try (var source = new FencedTurns(postgres)) {
            for (int clients : new int[] {1, 16, 64, 256, 1024})
                for (int batch : new int[] {1024, 1}) measure(source, clients, batch);
        }
    }

    private void measure(FencedTurns source, int clients, int batch) throws Exception {
        try (var completions = Executors.newVirtualThreadPerTaskExecutor();
                var lane = new CommitLane(
                        new PostgresFencedStore(source.connections()),
                        (doubted, xid) -> CommitResult.Outcome.UNKNOWN,
                        LaneSettings.ofBatch(batch),
                        Thread.ofPlatform().factory(),
                        completions,
                        System::nanoTime)) {
            lane.start();
            turns(lane, source, clients, WARM_UP);
            double postgresCpu = Cpu.ofTree(postgres.pid());
            double ownCpu = Cpu.of(List.of(ProcessHandle.current().pid()));
            long commits = lane.stats().commits();
            long begun = System.nanoTime();
            long done = turns(lane, source, clients, time);
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

    private static long turns(CommitLane lane, FencedTurns source, int clients, Duration time) throws Exception {
        var done = new LongAdder();
        long begun = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() - begun < time.toNanos()) {
                    CommitResult result = lane.submit(source.next()).join();
                    if (result instanceof CommitResult.Committed) done.increment();
                }
            }));
        }
        for (Thread thread : threads) thread.join();
        return done.sum();
    }
}
