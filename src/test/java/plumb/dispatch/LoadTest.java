package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import plumb.NotOwner;
import plumb.dispatch.DispatchStats.Event;

/// How a state comes into memory, and what holds while it does.
class LoadTest extends DispatchFixture {
    @Test
    void theFirstRequestLoadsAndTheNextFindTheStateInMemory() throws Exception {
        committer.store("a", "stored");

        assertThat(value(read("a"))).containsExactly("stored");
        assertThat(value(read("a"))).containsExactly("stored");

        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void aSlowLoadDelaysItsKeyAlone() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> {
            if (key.equals("slow")) gate.pass();
        };

        var slow = read("slow");
        gate.awaitHeld();
        assertThat(value(read("a"))).isEmpty();
        assertThat(slow).isNotDone();

        gate.open();
        assertThat(value(slow)).isEmpty();
    }

    @Test
    void aFailedLoadFailsAllWhoWaitAndTheNextRequestLoadsAnew() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> {
            gate.pass();
            throw new IllegalStateException("no database");
        };
        var waiting = List.of(read("a"), read("a"), read("a"));
        gate.awaitHeld().open();

        for (var reply : waiting) assertThat(failure(reply)).hasMessage("no database");

        pads.beforeLoad = key -> {};
        assertThat(value(read("a"))).isEmpty();
        assertThat(dispatcher.stats().count(Event.LOAD_FAILED)).isEqualTo(1);
        assertThat(pads.discarded).isEmpty();
    }

    @Test
    void aFactoryThatThrowsFailsTheRequestToo() throws Exception {
        pads.beforeCreate = key -> {
            throw new NoClassDefFoundError("missing");
        };

        assertThat(failure(read("a"))).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void aReloadThatFailsFailsWhoStillWaits() throws Exception {
        Gate gate = busy("a");
        var bad = call("a", pad -> {
            throw new IllegalArgumentException("bug");
        });
        var later = read("a");
        pads.beforeLoad = key -> {
            throw new IllegalStateException("no database");
        };
        gate.open();

        assertThat(failure(bad)).hasMessage("bug");
        assertThat(failure(later)).hasMessage("no database");
    }

    @Test
    void aDiscardThatThrowsHarmsNobody() throws Exception {
        pads.duringDiscard = key -> {
            throw new IllegalStateException("in discard");
        };

        assertThat(failure(call("a", pad -> {
                    throw new IllegalArgumentException("bug");
                })))
                .hasMessage("bug");
        assertThat(value(read("a"))).isEmpty();
        assertThat(pads.loads).hasValue(2);
    }

    @Test
    void nothingCanBeWrittenInALoad() throws Exception {
        pads.beforeLoad = key -> new Pad(key, Turn.writes(), List.of()).write("in a load");

        assertThat(failure(read("a"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("during a load");
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void aLoadFindsItsKeyAndTenure() throws Exception {
        pads.beforeLoad = key -> {
            assertThat(Turn.current().key()).isEqualTo(key("a"));
            assertThat(Turn.current().tenure()).isEqualTo(TENURE);
            assertThat(Turn.current().deadline()).isNull();
            Turn.current().beginTransaction(); // to read in
        };

        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void anInterruptLeftBehindByARequestReachesNeitherALoadNorAnotherRequest() throws Exception {
        pads.beforeLoad =
                key -> assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Gate gate = busy("a");
        var rude = call("a", pad -> {
            Thread.currentThread().interrupt();
            return pad.read();
        });
        var next = call("a", pad -> Thread.currentThread().isInterrupted());
        var ruder = call("a", pad -> {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("bug");
        });
        gate.open();

        value(rude);
        assertThat(value(next)).isFalse();
        assertThat(failure(ruder)).hasMessage("bug");
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void haltDuringALoadRunsNothingOfWhatWaits() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> gate.pass();
        var waiting = call("a", pad -> pad.write("after the halt"));
        gate.awaitHeld();
        var queued = read("a");

        dispatcher.halt(RANGE, "lost");
        refused(queued, NotOwner.class); // at once, while the load still hangs
        gate.open();

        refused(waiting, NotOwner.class);
        assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void aLoadThatFailsBecauseTheRangeWasLostIsNoFault() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> {
            gate.pass();
            throw new IllegalStateException("the connection was cut");
        };
        var waiting = read("a");
        gate.awaitHeld();

        dispatcher.halt(RANGE, "lost");
        gate.open();

        refused(waiting, NotOwner.class);
    }
}
