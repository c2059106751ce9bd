package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import plumb.Draining;
import plumb.NotOwner;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.RangeId;

/// A planned move.
class DrainTest extends DispatchFixture {
    @Test
    void isCompleteOnlyWhenEverythingQueuedIsDurableAndAnswered() throws Exception {
        Gate gate = busy("a");
        var queued = List.of(write("a", "1"), write("a", "2"));

        var drained = dispatcher.drain(RANGE);
        gate.open();

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("1", "2");
        assertThat(drained).isNotDone();
        submission.commit();
        drained.get(10, TimeUnit.SECONDS);
        for (var reply : queued) assertThat(value(reply)).isNotEmpty();
        assertThat(pads.discarded).containsExactly("a");
    }

    @Test
    void waitsForEveryKeyAndForTheEndOfTheirStates() throws Exception {
        var discarding = new Gate();
        pads.duringDiscard = key -> {
            if (key.equals("b")) discarding.pass();
        };
        value(read("a"));
        value(read("b"));
        value(read("c"));

        var drained = dispatcher.drain(RANGE);
        discarding.awaitHeld();
        var ended = List.of(
                String.valueOf(pads.discarded.poll(10, TimeUnit.SECONDS)),
                String.valueOf(pads.discarded.poll(10, TimeUnit.SECONDS)),
                String.valueOf(pads.discarded.poll(10, TimeUnit.SECONDS)));
        assertThat(ended).containsExactlyInAnyOrder("a", "b", "c");
        refused(read("b"), Draining.class);
        assertThat(drained).isNotDone();

        discarding.open();
        drained.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoComesIsTold() throws Exception {
        Gate gate = busy("a");
        dispatcher.drain(RANGE);

        refused(read("a"), Draining.class);
        refused(read("never loaded"), Draining.class);

        assertThat(dispatcher.stats().count(Event.DRAINING)).isEqualTo(2);
        gate.open();
    }

    @Test
    void ofARangeWithoutHandlersOrNotHeldIsCompleteAtOnce() {
        assertThat(dispatcher.drain(RANGE)).isCompleted();
        assertThat(dispatcher.drain(new RangeId(99))).isCompleted();
    }

    @Test
    void waitsForALoad() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> gate.pass();
        var waiting = read("a");
        gate.awaitHeld();

        var drained = dispatcher.drain(RANGE);
        assertThat(drained).isNotDone();

        gate.open();
        assertThat(value(waiting)).isEmpty();
        drained.get(10, TimeUnit.SECONDS);
    }

    @Test
    void undrainedItServesAgainAndTheDrainIsCancelled() throws Exception {
        Gate gate = busy("a");
        var queued = read("a");
        var drained = dispatcher.drain(RANGE);

        dispatcher.undrain(RANGE);

        assertThat(drained).isCancelled();
        var served = read("a");
        gate.open();
        assertThat(value(queued)).isEmpty();
        assertThat(value(served)).isEmpty();
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void drainedAgainAfterAnUndrainItWaitsForWhatCameInBetween() throws Exception {
        Gate gate = busy("a");
        dispatcher.drain(RANGE);
        dispatcher.undrain(RANGE);
        var between = new Gate();
        var served = call("b", pad -> {
            between.pass();
            return pad.read();
        });
        between.awaitHeld();

        var drained = dispatcher.drain(RANGE);
        gate.open();
        assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(drained).isNotDone();

        between.open();
        assertThat(value(served)).isEmpty();
        drained.get(10, TimeUnit.SECONDS);
    }

    @Test
    void drainingTwiceGivesTheSameAnswer() throws Exception {
        Gate gate = busy("a");
        var first = dispatcher.drain(RANGE);
        var second = dispatcher.drain(RANGE);
        gate.open();

        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);
    }

    @Test
    void haltedOnTheWayItStillCompletes() throws Exception {
        Gate gate = busy("a");
        var queued = read("a");
        var drained = dispatcher.drain(RANGE);

        dispatcher.halt(RANGE, "lost");
        refused(queued, NotOwner.class);
        assertThat(drained).isNotDone(); // a function still runs
        gate.open();

        drained.get(10, TimeUnit.SECONDS);
    }
}
