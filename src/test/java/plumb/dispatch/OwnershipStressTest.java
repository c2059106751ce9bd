package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.Refusal;
import plumb.WriteFailed;
import plumb.commit.CommitResult;
import plumb.commit.Unit;
import plumb.keyspace.Tenure;

/// Callers against drains, undrains, halts and new tenures, in any order. Every reply completes; nothing runs once a
/// drain is complete; what was acknowledged is durable once, and is in every later read.
class OwnershipStressTest extends DispatchFixture {
    private static final int CALLERS = 6;
    private static final int WRITES = 1500;
    private static final int KEYS = 4;

    private record OfKey(String key, Tenure tenure) {}

    private final Set<Tenure> drained = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<OfKey, AtomicInteger> running = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile Tenure current = TENURE; // changed under the committer's lock: the fence

    @Override
    DispatchSettings settings() {
        return new DispatchSettings(50, 5, Duration.ofSeconds(1), Duration.ofNanos(8), 1000);
    }

    @BeforeEach
    void passivatingAlways() {
        sweepAlways(settings().idle());
    }

    @Test
    void everyReplyCompletesAndNothingRunsOnceADrainIsComplete() throws Exception {
        long seed = System.nanoTime();
        var luck = new Random(seed);
        committer.always(this::decide);
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            var callers = new ArrayList<Future<?>>();
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "caller" + caller;
                callers.add(threads.submit(() -> callAll(name)));
            }
            while (awaitProgress(luck.nextInt(5), callers)) change(luck.nextInt(5));
            for (var caller : callers) caller.get();
        }

        assertThat(violations).as("seed " + seed).isEmpty();
        assertThat(acknowledged.get()).isPositive();
        for (int key = 0; key < KEYS; key++)
            assertThat(committer.linesOf("key" + key)).doesNotHaveDuplicates();
    }

    /// As the fence does; now and then the database has a mood.
    private CommitResult decide(Unit unit) {
        if (!unit.tenure().equals(current)) return new CommitResult.Refused();
        int mood = unit.writes().hashCode() % 50;
        if (mood == 0) return new CommitResult.NotApplied("a mood");
        if (mood == 1) return new CommitResult.Failed("23505", "a mood");
        return new CommitResult.Committed();
    }

    /// Lets so many more writes through before the next change; false: the callers are done.
    private boolean awaitProgress(int writes, List<Future<?>> callers) {
        long enough = acknowledged.get() + writes;
        while (acknowledged.get() < enough && !callers.stream().allMatch(Future::isDone)) Thread.yield();
        return !callers.stream().allMatch(Future::isDone);
    }

    private void change(int what) throws Exception {
        switch (what) {
            case 0 -> {
                awaitDrained();
                Thread.yield();
                drained.remove(current);
                dispatcher.undrain(RANGE);
            }
            case 1 -> {
                dispatcher.drain(RANGE);
                dispatcher.undrain(RANGE);
            }
            case 2 -> {
                awaitDrained();
                dispatcher.halt(RANGE, "moved");
                next();
            }
            case 3 -> {
                dispatcher.halt(RANGE, "lost");
                next();
            }
            default -> next();
        }
    }

    private void awaitDrained() throws Exception {
        dispatcher.drain(RANGE).get(20, SECONDS);
        drained.add(current);
    }

    private void next() {
        synchronized (committer) {
            current = tenure(current.epoch().value() + 1);
        }
        granted(current);
    }

    private Void callAll(String caller) throws Exception {
        for (int i = 0, done = 0; done < WRITES; i++) {
            String key = "key" + i % KEYS;
            String line = caller + "/" + i;
            if (answer(call(key, pad -> guarded(key, () -> pad.write(line).toString()))) == null) continue;
            acknowledged.incrementAndGet();
            done++;
            if (!committer.linesOf(key).contains(line)) violations.add(line + " is acknowledged, but not durable");
            List<String> read = answer(call(key, pad -> guarded(key, pad::read)));
            if (read != null && !read.contains(line)) violations.add("a read after " + line + " misses it");
        }
        return null;
    }

    private <R> R guarded(String key, Supplier<R> work) {
        Tenure tenure = Turn.current().tenure();
        AtomicInteger inside = running.computeIfAbsent(new OfKey(key, tenure), of -> new AtomicInteger());
        if (inside.incrementAndGet() != 1) violations.add("two requests of " + key + " at a time");
        if (drained.contains(tenure)) violations.add("a request began after the drain of " + tenure);
        Thread.yield();
        R done = work.get();
        if (drained.contains(tenure)) violations.add("a request ran on after the drain of " + tenure);
        inside.decrementAndGet();
        return done;
    }

    /// Null: refused or failed, as may be.
    private <R> @Nullable R answer(CompletableFuture<R> reply) throws Exception {
        try {
            return reply.get(20, SECONDS);
        } catch (ExecutionException e) {
            boolean known = e.getCause() instanceof Refusal || e.getCause() instanceof WriteFailed;
            if (!known) violations.add("not a refusal: " + e.getCause());
            return null;
        }
    }
}
