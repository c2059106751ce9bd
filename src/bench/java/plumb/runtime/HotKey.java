package plumb.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import plumb.testsupport.DurablePostgres;

/// One key that many callers write to: with turns that take all that waits, and with one request and so one commit for
/// each turn. One instance, real Postgres, no HTTP.
public final class HotKey {
    private static final String DATABASE = "hot_key";
    private static final int CALLERS = 64;
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final DurablePostgres postgres;
    private final Duration time;
    private final Consumer<String> out;

    public HotKey(DurablePostgres postgres, Duration time, Consumer<String> out) {
        this.postgres = postgres;
        this.time = time;
        this.out = out;
    }

    /// Blocks for some rounds.
    public void run() throws Exception {
        String url = postgres.createDatabase(DATABASE);
        Bell.createTable(postgres, DATABASE);
        out.accept("| turn takes | requests/s of one key, " + CALLERS + " callers |");
        out.accept("|---|---:|");
        for (int round = 0; round < ROUNDS; round++) {
            measure(url, "all that waits", 256);
            measure(url, "one", 1);
        }
    }

    private void measure(String url, String what, int turn) throws Exception {
        try (var instance = new WiredInstance("a", url, Bell.factory(), turn)) {
            while (!instance.owns("joe")) TimeUnit.MILLISECONDS.sleep(50);
            perSecond(instance, WARM_UP);
            out.accept("| %s | %,.0f |".formatted(what, perSecond(instance, time)));
        }
    }

    private static double perSecond(WiredInstance instance, Duration time) throws InterruptedException {
        var answered = new LongAdder();
        var over = new AtomicBoolean();
        var callers = new ArrayList<Thread>();
        long begun = System.nanoTime();
        for (int i = 0; i < CALLERS; i++) callers.add(Thread.ofVirtual().start(() -> call(instance, answered, over)));
        Thread.sleep(time);
        over.set(true);
        for (Thread caller : callers) caller.join();
        return answered.sum() * 1e9 / (System.nanoTime() - begun);
    }

    private static void call(WiredInstance instance, LongAdder answered, AtomicBoolean over) {
        while (!over.get()) {
            try {
                instance.<Bell, String>call("joe", bell -> bell.strike("x")).get();
                answered.increment();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
