package plumb.runtime;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/// A process with more states than fit into its heap.
final class ManyHandlers {
    private static final int HANDLERS = 2_000;
    private static final int STATE = 50_000;
    private static final Duration EACH = Duration.ofMillis(5);

    private ManyHandlers() {}

    public static void main(String... arguments) throws Exception {
        var threads = new Threads(ManyHandlers.class.getClassLoader());
        try (var replies = Executors.newVirtualThreadPerTaskExecutor()) {
            var dispatcher = new Dispatcher(
                    new DispatchSettings(10, 10, Duration.ofSeconds(1), Duration.ofHours(1), 1_000_000),
                    unit -> CompletableFuture.completedFuture(new CommitResult.Committed()),
                    () -> true,
                    System::nanoTime,
                    threads.virtual("key-"),
                    replies);
            Handler.Factory<byte[]> factory = (key, writes) -> () -> new byte[STATE];
            dispatcher.register("d", factory);
            dispatcher.granted(
                    "d", KeyRange.ALL, new Tenure(new RangeId(1), new Epoch(1), new Incarnation(new UUID(0, 1))));
            try (var sweeper = new Sweeper(dispatcher, new HeapPressure(HeapPressure.pools(), 70), threads)) {
                sweeper.start();
                serveAll(dispatcher);
            }
            System.out.println(
                    "all served, now in memory: " + dispatcher.stats().handlers());
        }
    }

    /// At a steady rate: no passivation keeps up with a loop that does nothing but allocate.
    private static void serveAll(Dispatcher dispatcher) throws Exception {
        var done = new CompletableFuture<Integer>();
        var next = new AtomicInteger();
        try (var customers = Executors.newSingleThreadScheduledExecutor()) {
            customers.scheduleWithFixedDelay( // no burst after a pause: what is swept cannot keep up with that
                    () -> {
                        try {
                            if (next.get() == HANDLERS) done.complete(HANDLERS);
                            else serve(dispatcher, "key" + next.getAndIncrement());
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    },
                    0,
                    EACH.toNanos(),
                    TimeUnit.NANOSECONDS);
            try {
                done.get(1, TimeUnit.MINUTES);
            } finally {
                customers.shutdownNow();
            }
        }
    }

    private static void serve(Dispatcher dispatcher, String key) throws Exception {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1), System.nanoTime());
        try {
            dispatcher
                    .call(new Key("d", key), deadline, (byte[] state) -> state.length)
                    .get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
