package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

class GatesTest {
    private static final RangeId RANGE = new RangeId(1);
    private static final RangeId OTHER = new RangeId(2);
    private static final Epoch EPOCH = new Epoch(5);
    private static final Epoch LATER = new Epoch(6);
    private static final Slot SLOT = new Slot(4_711);

    private final Gates gates = new Gates();

    GatesTest() {
        gates.granted(RANGE, EPOCH, KeyRange.ALL);
        gates.granted(OTHER, EPOCH, KeyRange.ALL);
    }

    private Gates.Pass enter() {
        return (Gates.Pass) gates.enter(RANGE, EPOCH, SLOT);
    }

    private Gates.Closed shut(Epoch epoch) {
        return (Gates.Closed) gates.enter(RANGE, epoch, SLOT);
    }

    private CompletableFuture<Void> close() {
        return gates.close(RANGE, EPOCH).toCompletableFuture();
    }

    @Test
    void aClosedGateLetsNobodyIn() {
        close();

        assertThat(shut(EPOCH).held()).isTrue();
        assertThat(gates.enter(OTHER, EPOCH, SLOT)).as("another range").isInstanceOf(Gates.Pass.class);
    }

    @Test
    void aRangeThatIsNotHeldYetHasNoWayInUntilItIsGranted() {
        Gates.Closed early = shut(LATER);
        assertThat(early.held()).isFalse();
        assertThat(early.change()).isNotDone();

        gates.granted(RANGE, LATER, KeyRange.ALL);

        assertThat(early.change()).isDone();
        assertThat(gates.enter(RANGE, LATER, SLOT)).isInstanceOf(Gates.Pass.class);
        assertThat(gates.enter(RANGE, EPOCH, SLOT)).as("an older table").isInstanceOf(Gates.Pass.class);
    }

    /// The range keeps its number, and an older table leads there.
    @Test
    void aKeyOfThePartThatWasSplitOffDoesNotEnterTheOther() {
        gates.granted(RANGE, LATER, new KeyRange(0, SLOT.value()));

        assertThat(gates.enter(RANGE, EPOCH, new Slot(SLOT.value() - 1))).isInstanceOf(Gates.Pass.class);
        Gates.Closed waiting = shut(EPOCH);
        assertThat(waiting.held()).isFalse();
        gates.granted(OTHER, LATER, new KeyRange(SLOT.value(), Slot.SPACE));
        assertThat(waiting.change()).isDone();
    }

    @Test
    void whoWaitsForALostRangeGoesOnWhenItIsKnownWhereItIs() {
        close();
        Gates.Closed waiting = shut(EPOCH);
        gates.lost(RANGE, EPOCH);
        assertThat(waiting.change()).isNotDone();

        gates.forget(RANGE, EPOCH);

        assertThat(waiting.change()).isDone();
        assertThat(shut(EPOCH).held()).isFalse();
    }

    @Test
    void aRangeThatIsLostWithoutADrainLetsNobodyInAnyMore() {
        gates.lost(RANGE, EPOCH);

        assertThat(gates.enter(RANGE, EPOCH, SLOT)).isInstanceOf(Gates.Closed.class);
    }

    @Test
    void whatIsSaidOfAFormerEpochLeavesTheCurrentOneAlone() {
        gates.granted(RANGE, LATER, KeyRange.ALL);

        gates.lost(RANGE, EPOCH);
        gates.forget(RANGE, EPOCH);
        assertThat(close()).as("nothing of that epoch is here").isCompleted();

        assertThat(gates.enter(RANGE, LATER, SLOT)).isInstanceOf(Gates.Pass.class);
    }

    @Test
    void anEmptyRangeIsQuietAtOnce() {
        assertThat(close()).isCompleted();
    }

    @Test
    void quietWaitsForEverybodyInside() {
        Gates.Pass first = enter();
        Gates.Pass second = enter();
        CompletableFuture<Void> quiet = close();

        first.leave();
        first.leave(); // counts once
        assertThat(quiet).isNotDone();
        second.leave();
        assertThat(quiet).isCompleted();
    }

    @Test
    void openingWakesWhoWaitsAndEndsTheWaitForQuiet() {
        enter();
        CompletableFuture<Void> quiet = close();
        Gates.Closed waiting = shut(EPOCH);
        assertThat(waiting.change()).isNotDone();

        gates.open(RANGE, EPOCH);

        assertThat(waiting.change()).isDone();
        assertThat(quiet).isCompletedExceptionally();
        enter();
    }

    @Test
    void whoIsInsideFromBeforeCountsAfterTheGateWasOpenedAndClosedAgain() {
        Gates.Pass early = enter();
        close();
        gates.open(RANGE, EPOCH);
        CompletableFuture<Void> quiet = close();

        assertThat(quiet).isNotDone();
        early.leave();
        assertThat(quiet).isCompleted();
    }

    @Test
    void nobodyIsInsideOnceItIsQuietHoweverManyPressIn() throws Exception {
        var inside = new AtomicInteger();
        var stop = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++)
            threads.add(Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    if (!(gates.enter(RANGE, EPOCH, SLOT) instanceof Gates.Pass pass)) continue;
                    inside.incrementAndGet();
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                    pass.leave();
                }
            }));

        for (int round = 0; round < 500; round++) {
            var quiet = new CountDownLatch(1);
            gates.close(RANGE, EPOCH).thenRun(quiet::countDown);
            assertThat(quiet.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(inside.get()).isZero();
            gates.open(RANGE, EPOCH);
        }
        stop.set(true);
        for (Thread thread : threads) thread.join();
        assertThat(close()).isCompleted();
    }
}
