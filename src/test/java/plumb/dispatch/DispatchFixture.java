package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import plumb.Deadline;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.KeyType;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// One dispatcher that holds the whole domain `pad` as one range. After each test nothing may be left: no handler, no
/// request without an answer.
@Timeout(60)
abstract class DispatchFixture {
    static final String DOMAIN = "pad";
    static final RangeId RANGE = new RangeId(1);
    static final Tenure TENURE = tenure(5);
    static final Deadline LATE = new Deadline(Long.MAX_VALUE / 2);

    static final Instant EVENING = Instant.parse("2026-03-01T18:00:00Z");

    private static final Incarnation ME = new Incarnation(new UUID(0, 1));

    final AtomicBoolean trusted = new AtomicBoolean(true);
    final AtomicLong nowNanos = new AtomicLong();
    /// What the clock throws, to stand for any bug of ours.
    final AtomicReference<@Nullable RuntimeException> clockFault = new AtomicReference<>();

    final ScriptedCommitter committer = new ScriptedCommitter();
    final Pads pads = new Pads(committer);
    /// Served by the test.
    final Agenda agenda = new Agenda(this::now);
    final AlarmTwin alarmTable = new AlarmTwin();
    /// How far people's clock is from where it began when the monotonic one did.
    final AtomicReference<Duration> wallIsOff = new AtomicReference<>(Duration.ZERO);

    final Quarantine quarantined = quarantine();
    final Dispatcher dispatcher = new Dispatcher(
            settings(),
            committer,
            trusted::get,
            this::now,
            Thread.ofVirtual().name("key-", 0).factory(),
            replies(),
            quarantined,
            marks(),
            new Clockwork(agenda, alarmTable, this::wall));

    DispatchFixture() {
        dispatcher.register(DOMAIN, pads);
        granted(TENURE);
    }

    DispatchSettings settings() {
        return new DispatchSettings(100, 100, Duration.ofSeconds(1), Duration.ofHours(1), 1000);
    }

    /// Whose callbacks find the fields of a subclass, once something happens.
    Quarantine quarantine() {
        return Dispatcher.nobodyIsShutOut();
    }

    Marks marks() {
        return Marks.inVain();
    }

    Executor replies() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("reply-", 0).factory());
    }

    private volatile boolean over;

    /// From now on whoever does nothing is passivated at once: each sweep finds that much time gone by.
    final void sweepAlways(Duration step) {
        Thread.ofVirtual().name("sweep").start(() -> {
            while (!over) {
                nowNanos.addAndGet(step.toNanos());
                dispatcher.sweep();
                Thread.yield();
            }
        });
    }

    @AfterEach
    final void nothingIsLeft() {
        over = true;
        committer.alwaysCommits();
        dispatcher.halt(RANGE, "the test is over");

        soon(() -> assertThat(dispatcher.stats().handlers()).as("handlers").isZero());
        soon(() -> assertThat(dispatcher.stats().inside()).as("requests inside").isZero());
    }

    static void soon(ThrowingRunnable assertion) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).untilAsserted(assertion);
    }

    /// People's clock.
    final Instant wall() {
        return EVENING.plusNanos(nowNanos.get()).plus(wallIsOff.get());
    }

    private long now() {
        RuntimeException fault = clockFault.get();
        if (fault != null) throw fault;
        return nowNanos.get();
    }

    static Tenure tenure(long epoch) {
        return new Tenure(RANGE, new Epoch(epoch), ME);
    }

    final void granted(Tenure tenure) {
        dispatcher.granted(DOMAIN, KeyRange.ALL, tenure);
    }

    static Key key(String text) {
        return Key.of(DOMAIN, KeyType.STRING, text);
    }

    final <R> CompletableFuture<R> call(String key, Function<Pad, R> function) {
        return dispatcher.call(key(key), LATE, function);
    }

    final CompletableFuture<List<String>> write(String key, String text) {
        return call(key, pad -> {
            pad.write(text);
            return pad.read();
        });
    }

    final CompletableFuture<List<String>> read(String key) {
        return call(key, Pad::read);
    }

    /// Keeps the handler of the key busy with a read, so that what comes now waits for one and the same turn.
    final Gate busy(String key) throws InterruptedException {
        var gate = new Gate();
        call(key, pad -> {
            gate.pass();
            return pad.read();
        });
        return gate.awaitHeld();
    }

    static <R> R value(CompletableFuture<R> reply) throws Exception {
        return reply.get(10, TimeUnit.SECONDS);
    }

    static Throwable failure(CompletableFuture<?> reply) throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("answered: " + reply.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    static void refused(CompletableFuture<?> reply, Class<? extends Throwable> why) throws Exception {
        assertThat(failure(reply)).isInstanceOf(why);
    }
}
