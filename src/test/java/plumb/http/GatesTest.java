package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import plumb.keyspace.RangeId;

class GatesTest {
    private static final RangeId RANGE = new RangeId(1);
    private static final long NOT_LONG = Duration.ofMillis(20).toNanos();

    private final Gates gates = new Gates();

    @Test
    void aClosedGateLetsNobodyIn() {
        gates.close(RANGE);

        assertThat(gates.enter(RANGE)).isEmpty();
        assertThat(gates.enter(new RangeId(2))).as("another range").isPresent();
    }

    @Test
    void anEmptyRangeIsQuietAtOnce() {
        assertThat(gates.close(RANGE).toCompletableFuture()).isCompleted();
    }

    @Test
    void quietWaitsForEverybodyInside() {
        Gates.Pass first = gates.enter(RANGE).orElseThrow();
        Gates.Pass second = gates.enter(RANGE).orElseThrow();
        CompletableFuture<Void> quiet = gates.close(RANGE).toCompletableFuture();

        first.leave();
        first.leave(); // counts once
        assertThat(quiet).isNotDone();
        second.leave();
        assertThat(quiet).isCompleted();
    }

    @Test
    void openingWakesWhoWaitsAndEndsTheWaitForQuiet() throws Exception {
        gates.enter(RANGE).orElseThrow();
        CompletableFuture<Void> quiet = gates.close(RANGE).toCompletableFuture();
        assertThat(gates.awaitOpen(RANGE, NOT_LONG)).isFalse();
        var woken = new CompletableFuture<Boolean>();
        Thread.ofVirtual().start(() -> {
            try {
                woken.complete(gates.awaitOpen(RANGE, TimeUnit.MINUTES.toNanos(1)));
            } catch (InterruptedException e) {
                woken.completeExceptionally(e);
            }
        });

        gates.open(RANGE);

        assertThat(woken.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(quiet).isCompletedExceptionally();
        assertThat(gates.enter(RANGE)).isPresent();
    }

    @Test
    void whoIsInsideFromBeforeCountsAfterTheGateWasOpenedAndClosedAgain() {
        Gates.Pass early = gates.enter(RANGE).orElseThrow();
        gates.close(RANGE);
        gates.open(RANGE);
        CompletableFuture<Void> quiet = gates.close(RANGE).toCompletableFuture();

        assertThat(quiet).isNotDone();
        early.leave();
        assertThat(quiet).isCompleted();
    }

    @Test
    void nobodyIsInsideOnceItIsQuietHoweverManyPressIn() throws Exception {
        var inside = new AtomicInteger();
        var stop = new AtomicBoolean();
        var threads = new java.util.ArrayList<Thread>();
        for (int i = 0; i < 8; i++)
            threads.add(Thread.ofPlatform().start(() -> {
                while (!stop.get())
                    gates.enter(RANGE).ifPresent(pass -> {
                        inside.incrementAndGet();
                        Thread.onSpinWait();
                        inside.decrementAndGet();
                        pass.leave();
                    });
            }));

        for (int round = 0; round < 500; round++) {
            var quiet = new CountDownLatch(1);
            gates.close(RANGE).thenRun(quiet::countDown);
            assertThat(quiet.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(inside.get()).isZero();
            gates.open(RANGE);
        }
        stop.set(true);
        for (Thread thread : threads) thread.join();
        assertThat(gates.inside(RANGE)).isZero();
    }
}
