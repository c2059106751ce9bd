package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import plumb.LoadFailed;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Tenure;

/// What only memory knows, in a planned move.
class HandingAlongTest extends DispatchFixture {
    @Test
    void aDrainBringsWhatTheKeysKeepAndWhichOnesWereLive() throws Exception {
        note("a", "of a");
        value(read("b"));

        HandedAlong along = drained();

        assertThat(along.states()).isEqualTo(Map.of("a", "of a"));
        assertThat(along.live()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void itIsGivenToTheFirstStateOfTheKeyAndToNoLaterOne() throws Exception {
        arrives(tenure(6), new HandedAlong(Map.of("a", "of a"), List.of("a")));

        assertThat(value(memo("a"))).isEqualTo("of a");
        assertThat(value(memo("b"))).isEmpty();
        Throwable broken = failure(call("a", pad -> {
            pad.write("never");
            throw new IllegalStateException("discards the state");
        }));
        assertThat(broken).hasMessage("discards the state");

        assertThat(value(memo("a"))).isEmpty();
        assertThat(pads.restored).containsExactly("a");
    }

    @Test
    void loadsWaitUntilItIsKnown() throws Exception {
        var arriving = new CompletableFuture<HandedAlong>();
        dispatcher.granted(DOMAIN, KeyRange.ALL, tenure(6), arriving);
        var asked = memo("a");
        var drained = dispatcher.drain(RANGE);
        assertThat(asked).isNotDone();
        assertThat(drained).isNotDone();

        arriving.complete(new HandedAlong(Map.of("a", "of a", "b", "of b"), List.of()));

        assertThat(value(asked)).isEqualTo("of a");
        assertThat(drained.get(10, TimeUnit.SECONDS).states()).isEqualTo(Map.of("a", "of a", "b", "of b"));
    }

    @Test
    void whatNobodyAskedForTravelsOn() throws Exception {
        arrives(tenure(6), new HandedAlong(Map.of("a", "of a", "b", "of b"), List.of("a", "b")));
        note("a", "newer");

        assertThat(drained().states()).isEqualTo(Map.of("a", "newer", "b", "of b"));
    }

    @Test
    void aKeyThatHasNothingLeftDoesNotBringBackTheOld() throws Exception {
        arrives(tenure(6), new HandedAlong(Map.of("a", "of a"), List.of("a")));
        note("a", "");

        assertThat(drained().states()).isEmpty();
    }

    @Test
    void aMoveThatDidNotHappenGivesItBack() throws Exception {
        note("a", "of a");
        drained();
        dispatcher.undrain(RANGE);

        assertThat(value(memo("a"))).isEqualTo("of a");
        assertThat(pads.loads).hasValue(2);

        note("a", "newer");
        assertThat(drained().states()).isEqualTo(Map.of("a", "newer"));
    }

    @Test
    void whatCannotBeRestoredFailsTheLoadAndItsStateIsLetGo() throws Exception {
        arrives(tenure(6), new HandedAlong(Map.of("a", Pads.UNRESTORABLE), List.of("a")));

        assertThat(failure(memo("a"))).isInstanceOf(LoadFailed.class);
        assertThat(pads.discarded).containsExactly("a");
    }

    @Test
    void aClaimGetsNothingOfTheMemoryThatWasLost() throws Exception {
        note("a", "of a");
        drained();
        granted(tenure(7));

        assertThat(value(memo("a"))).isEmpty();
    }

    @Test
    void whatIsTooMuchOrCannotBeHadIsCountedAndTheMoveGoesOn() throws Exception {
        note("a", "x".repeat(Luggage.MOST_EACH + 1));
        note("b", Pads.UNKEEPABLE);
        note("c", "of c");

        assertThat(drained().states()).isEqualTo(Map.of("c", "of c"));
        assertThat(dispatcher.stats().count(Event.KEEP_FAILED)).isEqualTo(2);
    }

    @Test
    void aRangeHandsOnlySoMuchAlong() throws Exception {
        int most = Luggage.MOST / Luggage.MOST_EACH;
        for (int i = 0; i <= most; i++) note("key-" + i, "x".repeat(Luggage.MOST_EACH));

        assertThat(drained().states()).hasSize(most);
    }

    @Test
    void aKeyIsLoadedBeforeSomebodyAsks() throws Exception {
        dispatcher.warm(key("a"), LATE).toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(pads.loads).hasValue(1);
        value(read("a"));
        assertThat(pads.loads).hasValue(1);
    }

    private void arrives(Tenure tenure, HandedAlong along) {
        dispatcher.granted(DOMAIN, KeyRange.ALL, tenure, CompletableFuture.completedFuture(along));
    }

    private HandedAlong drained() throws Exception {
        return dispatcher.drain(RANGE).get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<String> memo(String key) {
        return call(key, pad -> pad.memo);
    }

    private void note(String key, String memo) throws Exception {
        value(call(key, pad -> pad.memo = memo));
    }
}
