package bench;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import plumb.Deadline;
import plumb.Handler;
import plumb.commit.CommitResult;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// Mailboxes and turns without HTTP and without a database: how much memory a live key takes, and what a turn costs
/// that writes nothing.
final class HandlersAlone {
    private static final int MOST = 1_000_000;
    private static final int IN_FLIGHT = 512;
    private static final int HOT_WARM_UP = 2_000_000;
    private static final int HOT = 4_000_000;

    private final Consumer<String> out;

    HandlersAlone(Consumer<String> out) {
        this.out = out;
    }

    void run() throws Exception {
        try (var replies = Executors.newVirtualThreadPerTaskExecutor()) {
            var dispatcher = new Dispatcher(
                    new DispatchSettings(IN_FLIGHT, 256, Duration.ofMillis(20), Duration.ofDays(1), 2 * MOST),
                    unit -> CompletableFuture.completedFuture(new CommitResult.Committed()),
                    () -> true,
                    System::nanoTime,
                    Thread.ofVirtual().name("key-", 0).factory(),
                    replies);
            Handler.Factory<long[]> factory = (key, writes) -> () -> new long[8];
            dispatcher.register("d", factory);
            dispatcher.granted(
                    "d", KeyRange.ALL, new Tenure(new RangeId(1), new Epoch(1), new Incarnation(new UUID(0, 1))));
            out.accept("| what | keys | heap MiB | ns per message (wall) | CPU ns per message |");
            out.accept("|---|---:|---:|---:|---:|");
            hot(dispatcher);
            million(dispatcher);
        }
    }

    /// One key, asked again and again, by callers of which some always wait: the cost of a message in a turn of many.
    private void hot(Dispatcher dispatcher) throws Exception {
        Key[] one = {new Key("d", "hot")};
        send(dispatcher, one, HOT_WARM_UP);
        report("one key", 1, dispatcher, one, HOT);
        one[0] = new Key("d", "alone");
        alone(dispatcher, one[0], HOT / 40);
        report(dispatcher, one[0]);
    }

    /// One caller who waits for each answer: every message has a turn of its own.
    private void report(Dispatcher dispatcher, Key key) throws Exception {
        int times = HOT / 10;
        long cpu = cpuNanos();
        long begun = System.nanoTime();
        alone(dispatcher, key, times);
        out.accept("| one key, one caller who waits: a turn each | 1 | | %d | %d |"
                .formatted((System.nanoTime() - begun) / times, (cpuNanos() - cpu) / times));
    }

    private static void alone(Dispatcher dispatcher, Key key, int times) throws Exception {
        for (int i = 0; i < times; i++)
            dispatcher.call(key, deadline(), (long[] state) -> state[0]++).get();
    }

    private void million(Dispatcher dispatcher) throws Exception {
        long before = heap();
        Key[] keys = new Key[MOST];
        for (int i = 0; i < MOST; i++) keys[i] = new Key("d", "key-" + i);
        long begun = System.nanoTime();
        send(dispatcher, keys, MOST);
        long loaded = System.nanoTime() - begun;
        long heap = heap() - before;
        out.accept(
                "| loading | %,d | %,d | %d | |".formatted(dispatcher.stats().handlers(), heap >> 20, loaded / MOST));
        report("live keys, in turn", MOST, dispatcher, keys, 2 * MOST);
    }

    private void report(String what, int many, Dispatcher dispatcher, Key[] keys, int messages) throws Exception {
        long cpu = cpuNanos();
        long begun = System.nanoTime();
        send(dispatcher, keys, messages);
        long wall = System.nanoTime() - begun;
        out.accept("| %s | %,d | | %d | %d |".formatted(what, many, wall / messages, (cpuNanos() - cpu) / messages));
    }

    /// So many at once wait for their answers.
    private static void send(Dispatcher dispatcher, Key[] keys, int messages) throws InterruptedException {
        var free = new Semaphore(IN_FLIGHT - 1);
        for (int i = 0; i < messages; i++) {
            free.acquire();
            dispatcher
                    .call(keys[i % keys.length], deadline(), (long[] state) -> state[0]++)
                    .whenComplete((answer, failure) -> {
                        if (failure != null) throw new IllegalStateException(failure);
                        free.release();
                    });
        }
        free.acquire(IN_FLIGHT - 1);
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofMinutes(10), System.nanoTime());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
