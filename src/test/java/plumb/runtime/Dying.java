package plumb.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import plumb.Deadline;
import plumb.Handler;
import plumb.commit.CommitResult;
import plumb.dispatch.Clockwork;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Quarantine;
import plumb.dispatch.QuarantineSettings;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// A process that dies while a request of one key runs, and after many others.
final class Dying {
    private Dying() {}

    public static void main(String... arguments) throws Exception {
        MarkFile file = MarkFile.open(Path.of(arguments[0]), arguments[1]);
        var quarantine = new Quarantine(
                new QuarantineSettings(10, Duration.ofMinutes(1)), each -> false, (key, detail) -> {}, key -> {});
        var dispatcher = new Dispatcher(
                new DispatchSettings(10, 10, Duration.ofSeconds(1), Duration.ofHours(1), 1_000),
                unit -> CompletableFuture.completedFuture(new CommitResult.Committed()),
                () -> true,
                System::nanoTime,
                new Threads(Dying.class.getClassLoader()).virtual("key-"),
                Executors.newVirtualThreadPerTaskExecutor(),
                quarantine,
                file.marks(),
                Clockwork.standingStill(System::nanoTime));
        Handler.Factory<String> factory = (key, writes) -> () -> key;
        dispatcher.register("customer", factory);
        dispatcher.granted(
                "customer", KeyRange.ALL, new Tenure(new RangeId(1), new Epoch(1), new Incarnation(new UUID(0, 1))));
        Deadline deadline = Deadline.in(Duration.ofMinutes(1), System.nanoTime());
        for (int i = 0; i < 100; i++)
            dispatcher
                    .call(new Key("customer", "key" + i), deadline, (String state) -> state)
                    .get();
        dispatcher
                .call(new Key("customer", "Jo\u00e9"), deadline, (String state) -> die(arguments[2], file))
                .get();
    }

    private static String die(String how, MarkFile file) {
        System.out.println("runs");
        switch (how) {
            case "halt" -> Runtime.getRuntime().halt(1);
            case "memory" -> {
                var all = new ArrayList<byte[]>();
                while (true) all.add(new byte[1_000_000]);
            }
            case "orderly" -> {
                file.marks().close();
                Runtime.getRuntime().halt(0);
            }
            default -> await();
        }
        return how;
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
