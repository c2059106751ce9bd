package plumb.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static plumb.commit.ScriptedStore.unit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.commit.CommitResult.Ambiguous;
import plumb.commit.CommitResult.Committed;
import plumb.commit.CommitResult.NotApplied;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.ScriptedStore.Held;

@Timeout(60)
class CommitLaneTest {
    private static final CommitResult COMMITTED = new Committed();
    private static final CommitResult UNKNOWN = new Ambiguous(Outcome.UNKNOWN);
    private static final CommitResult CLOSED = new NotApplied("the lane is closed");

    private final AtomicLong now = new AtomicLong();
    private final ScriptedStore store = new ScriptedStore();
    private final ScriptedDoubt doubt = new ScriptedDoubt();
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private @Nullable CommitLane lane;

    @AfterEach
    void close() {
        if (lane != null) lane.close();
    }

    @Test
    void unitsThatComeDuringACommitShareTheNext() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(100));
        Held held = store.holdNext();
        var first = lane.submit(unit(1, "a"));
        held.awaitEntered();
        var second = lane.submit(unit(1, "b"));
        var third = lane.submit(unit(2, "c"));
        assertThat(lane.pending()).isEqualTo(2);
        assertThat(List.of(first.isDone(), second.isDone(), third.isDone())).containsOnly(false);

        held.release();

        assertThat(List.of(result(first), result(second), result(third))).containsOnly(COMMITTED);
        assertThat(store.attempts()).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(lane.stats().commits()).isEqualTo(2);
    }

    @Test
    void batchIsBoundedAndOrderIsKept() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(2));
        Held held = store.holdNext();
        lane.submit(unit(1, "a"));
        held.awaitEntered();
        for (String name : List.of("b", "c", "d", "e")) lane.submit(unit(1, name));
        var last = lane.submit(unit(1, "f"));

        held.release();

        assertThat(result(last)).isEqualTo(COMMITTED);
        assertThat(store.attempts()).containsExactly(List.of("a"), List.of("b", "c"), List.of("d", "e"), List.of("f"));
    }

    @Test
    void everyCallerGetsTheResultOfItsOwnUnit() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(100));
        store.lose(2);
        store.poison("bad");
        Held held = store.holdNext();
        lane.submit(unit(1, "first"));
        held.awaitEntered();
        var good = lane.submit(unit(1, "good"));
        var stale = lane.submit(unit(2, "stale"));
        var bad = lane.submit(unit(1, "bad"));

        held.release();

        assertThat(result(good)).isEqualTo(COMMITTED);
        assertThat(result(stale)).isInstanceOf(CommitResult.Refused.class);
        assertThat(result(bad)).isInstanceOf(CommitResult.Failed.class);
    }

    @Test
    void howLongItStandsStillShows() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        Held held = store.holdNext();
        var reply = lane.submit(unit(1, "a"));
        held.awaitEntered();
        now.addAndGet(Duration.ofSeconds(30).toNanos());

        assertThat(lane.busyFor()).isEqualTo(Duration.ofSeconds(30));
        held.release();
        assertThat(result(reply)).isEqualTo(COMMITTED);
        await().until(() -> lane.busyFor().isZero());
    }

    @Test
    void noMoreThanTheBoundMayWait() throws Exception {
        CommitLane lane = started(new LaneSettings(2, 2, 3, Duration.ZERO));
        Held held = store.holdNext();
        lane.submit(unit(1, "on its way"));
        held.awaitEntered();
        var waits = lane.submit(unit(1, "a"));
        var waitsToo = lane.submit(unit(1, "b"));

        assertThat(result(lane.submit(unit(1, "one too many")))).isInstanceOf(NotApplied.class);

        held.release();
        assertThat(List.of(result(waits), result(waitsToo))).containsOnly(COMMITTED);
        assertThat(result(lane.submit(unit(1, "c")))).isEqualTo(COMMITTED);
        assertThat(store.durable()).doesNotContain("one too many");
    }

    @Test
    void rolledBackForNoFaultIsTriedAgain() throws Exception {
        store.next(new Attempt.TryAgain("deadlock"));

        assertThat(result(started(LaneSettings.ofBatch(10)).submit(unit(1, "a"))))
                .isEqualTo(COMMITTED);
        assertThat(store.attempts()).hasSize(2);
    }

    @Test
    void callersAreToldWhileTheNextBatchIsOnItsWay() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        Held first = store.holdNext();
        Held second = store.holdNext();
        var told = lane.submit(unit(1, "a"));
        first.awaitEntered();
        lane.submit(unit(1, "b"));
        first.release();
        second.awaitEntered();

        assertThat(result(told)).isEqualTo(COMMITTED);

        second.release();
    }

    /// Tasks of callers hang on the futures; a lane that ran them would commit nothing meanwhile.
    @Test
    void slowCallerDoesNotHoldUpTheLane() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        var callerGoesOn = new CountDownLatch(1);
        var callerIsIn = new CountDownLatch(1);
        Held held = store.holdNext();
        var slow = lane.submit(unit(1, "a")).thenRun(() -> {
            callerIsIn.countDown();
            ScriptedStore.await(callerGoesOn);
        });
        held.release();
        ScriptedStore.await(callerIsIn);

        assertThat(result(lane.submit(unit(1, "b")))).isEqualTo(COMMITTED);
        assertThat(slow).isNotDone();

        callerGoesOn.countDown();
        slow.get(10, TimeUnit.SECONDS);
    }

    @Test
    void callersThatThrowHarmNobody() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        Held held = store.holdNext();
        lane.submit(unit(1, "first"));
        held.awaitEntered();
        var throwing = lane.submit(unit(1, "a")).thenRun(() -> {
            throw new AssertionError("a test's");
        });
        var next = lane.submit(unit(1, "b"));

        held.release();

        assertThat(result(next)).isEqualTo(COMMITTED);
        assertThat(result(lane.submit(unit(1, "c")))).isEqualTo(COMMITTED);
        assertThat(throwing).isCompletedExceptionally();
    }

    @Test
    void laneSurvivesAStoreThatThrows() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        store.nextThrows(new StackOverflowError("a test's"));
        assertThat(result(lane.submit(unit(1, "a")))).isEqualTo(UNKNOWN);
        store.nextThrows(new IllegalStateException("a test's"));
        assertThat(result(lane.submit(unit(1, "b")))).isEqualTo(UNKNOWN);

        assertThat(result(lane.submit(unit(1, "c")))).isEqualTo(COMMITTED);
        assertThat(store.durable()).containsExactly("c");
    }

    @Test
    void laneSurvivesADoubtThatThrows() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        store.next(new Attempt.InDoubt("4711", Set.of(), "connection reset"));
        doubt.fails(new IllegalStateException("a test's"));

        assertThat(result(lane.submit(unit(1, "a")))).isEqualTo(UNKNOWN);
        assertThat(result(lane.submit(unit(1, "b")))).isEqualTo(COMMITTED);
    }

    @Test
    void callersAreToldThoughTheExecutorForRepliesIsShutDown() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10), task -> {
            throw new RejectedExecutionException("shut down");
        });

        assertThat(result(lane.submit(unit(1, "a")))).isEqualTo(COMMITTED);
        assertThat(result(lane.submit(unit(1, "b")))).isEqualTo(COMMITTED);
    }

    @Test
    void interruptDoesNotEndTheLane() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        store.next(units -> {
            Thread.currentThread().interrupt();
            return new Attempt.TryAgain("deadlock");
        });
        store.next(new Attempt.TryAgain("deadlock"));

        assertThat(result(lane.submit(unit(1, "a")))).isEqualTo(COMMITTED);
        assertThat(result(lane.submit(unit(1, "b")))).isEqualTo(COMMITTED);
    }

    @Test
    void closeFinishesWhatIsOnItsWayAndRefusesTheRest() throws Exception {
        CommitLane lane = started(LaneSettings.ofBatch(10));
        Held held = store.holdNext();
        var onItsWay = lane.submit(unit(1, "a"));
        held.awaitEntered();
        var waits = lane.submit(unit(1, "b"));

        Thread closer = Thread.ofPlatform().start(lane::close);
        assertThat(result(waits)).isEqualTo(CLOSED);
        assertThat(result(lane.submit(unit(1, "late")))).isEqualTo(CLOSED);
        assertThat(onItsWay).isNotDone();
        await().until(closer::getState, Thread.State.TIMED_WAITING::equals); // for the lane's end
        assertThat(store.isClosed()).isFalse();
        held.release();

        closer.join();
        assertThat(result(onItsWay)).isEqualTo(COMMITTED);
        assertThat(store.durable()).containsExactly("a");
        assertThat(store.isClosed()).isTrue();
    }

    @Test
    void closeEndsTheTries() throws Exception {
        CommitLane lane = started(new LaneSettings(10, 10, Integer.MAX_VALUE, Duration.ofMillis(50)));
        var tried = new CountDownLatch(1);
        var closing = new CountDownLatch(1);
        store.next(units -> {
            tried.countDown();
            ScriptedStore.await(closing);
            return new Attempt.TryAgain("no connection");
        });
        var onItsWay = lane.submit(unit(1, "a"));
        ScriptedStore.await(tried);
        var waits = lane.submit(unit(1, "b"));
        var close = CompletableFuture.runAsync(lane::close);
        assertThat(result(waits)).isEqualTo(CLOSED);
        closing.countDown();

        close.get(10, TimeUnit.SECONDS);
        assertThat(result(onItsWay)).isEqualTo(new NotApplied("no connection"));
        assertThat(store.attempts()).hasSize(1);
    }

    @Test
    void laneThatNeverStartedRefusesWhatWaits() throws Exception {
        var never = new CommitLane(store, doubt, LaneSettings.ofBatch(10), Thread::new, Runnable::run, now::get);
        var waits = never.submit(unit(1, "a"));

        never.close();

        assertThat(result(waits)).isEqualTo(CLOSED);
        assertThat(store.isClosed()).isTrue();
    }

    @Test
    void closedLaneClosesItsStoreEvenWhenIdle() {
        started(LaneSettings.ofBatch(10)).close();

        store.awaitClosed();
        Thread ended = thread.get();
        assertThat(ended).isNotNull();
        assertThat(ended.isAlive()).isFalse();
    }

    private CommitLane started(LaneSettings settings) {
        return started(settings, task -> Thread.ofVirtual().start(task));
    }

    private CommitLane started(LaneSettings settings, Executor completions) {
        var started = new CommitLane(
                store,
                doubt,
                settings,
                task -> {
                    Thread one = Thread.ofPlatform().daemon().name("lane").unstarted(task);
                    thread.set(one);
                    return one;
                },
                completions,
                now::get);
        started.start();
        lane = started;
        return started;
    }

    private static CommitResult result(CompletableFuture<CommitResult> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }
}
