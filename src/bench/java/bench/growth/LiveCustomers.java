package bench.growth;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
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

/// Customers in the memory of one instance, without HTTP and without a database: what one takes, and what a message to
/// any of them costs when they are asked in turn.
final class LiveCustomers {
    private static final String DOMAIN = "customer";
    private static final int IN_FLIGHT = 512;
    private static final int LEAST_MESSAGES = 500_000;
    private static final RangeId RANGE = new RangeId(1);

    private final List<Integer> sizes;

    LiveCustomers(List<Integer> sizes) {
        this.sizes = sizes;
    }

    void measure(Consumer<Sheet> out) throws Exception {
        var sheet = new Sheet(
                        "customers in memory",
                        "heap, MiB",
                        "bytes each",
                        "load, µs each",
                        "message, µs",
                        "message, µs of CPU")
                .picture("growth-customers-memory.svg", "Memory of live customers", "MiB of heap", 0)
                .picture("growth-customers-message.svg", "A message to any of them", "µs", 3, 4);
        try (var replies = Executors.newVirtualThreadPerTaskExecutor()) {
            measure(sizes.getFirst(), replies); // in vain: the compiler has done its work then
            for (int size : sizes) sheet.add(size, measure(size, replies));
        }
        out.accept(sheet);
    }

    private static double[] measure(int size, ExecutorService replies) throws Exception {
        long before = heap();
        Dispatcher dispatcher = dispatcher(size, replies);
        Key[] keys = new Key[size];
        for (int i = 0; i < size; i++) keys[i] = new Key(DOMAIN, "customer-" + i);
        Cost load = Cost.ofOnce(() -> send(dispatcher, keys, size));
        long taken = heap() - before;
        int messages = Math.max(LEAST_MESSAGES, 2 * size);
        send(dispatcher, keys, messages / 2);
        Cost asked = Cost.ofOnce(() -> send(dispatcher, keys, messages));
        dispatcher.halt(RANGE, "measured");
        return new double[] {
            taken / (double) (1 << 20),
            (double) taken / size,
            load.micros() / size,
            asked.micros() / messages,
            asked.cpuNanos() / 1e3 / messages
        };
    }

    private static Dispatcher dispatcher(int size, ExecutorService replies) {
        var dispatcher = new Dispatcher(
                new DispatchSettings(IN_FLIGHT, 256, Duration.ofMillis(20), Duration.ofDays(1), 2 * size),
                unit -> CompletableFuture.completedFuture(new CommitResult.Committed()),
                () -> true,
                System::nanoTime,
                Thread.ofVirtual().name("key-", 0).factory(),
                replies);
        Handler.Factory<long[]> factory = (key, writes) -> () -> new long[8];
        dispatcher.register(DOMAIN, factory);
        dispatcher.granted(DOMAIN, KeyRange.ALL, new Tenure(RANGE, new Epoch(1), new Incarnation(new UUID(0, 1))));
        return dispatcher;
    }

    /// So many at once wait for their answers.
    private static void send(Dispatcher dispatcher, Key[] keys, int messages) throws InterruptedException {
        var free = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < messages; i++) {
            free.acquire();
            dispatcher
                    .call(
                            keys[i % keys.length],
                            Deadline.in(Duration.ofMinutes(10), System.nanoTime()),
                            (long[] state) -> state[0]++)
                    .whenComplete((answer, failure) -> {
                        if (failure != null) throw new IllegalStateException(failure);
                        free.release();
                    });
        }
        free.acquire(IN_FLIGHT);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
