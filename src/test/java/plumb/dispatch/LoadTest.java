package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.Expired;
import plumb.LoadFailed;
import plumb.NotOwner;
import plumb.Rejection;
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

        for (var reply : waiting) refused(reply, LoadFailed.class);

        pads.beforeLoad = key -> {};
        nowNanos.addAndGet(FailedLoads.FIRST.toNanos());
        assertThat(value(read("a"))).isEmpty();
        assertThat(dispatcher.stats().count(Event.LOAD_FAILED)).isEqualTo(1);
        assertThat(pads.discarded).isEmpty();
    }

    private void failingLoads() {
        pads.beforeLoad = key -> {
            if (key.equals("a")) throw new IllegalStateException("no such table");
        };
    }

    private Duration pause() throws Exception {
        return assertInstanceOf(LoadFailed.class, failure(read("a"))).retryAfter();
    }

    /// A customer who cannot be loaded is no load for the database, and nobody else is concerned.
    @Test
    void afterAFailureTheLoadIsTriedLaterAndLaterAndWhoComesBeforeIsToldWhen() throws Exception {
        failingLoads();

        var pauses = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            Duration next = pause();
            pauses.add(next);
            int loads = pads.loads.get();
            nowNanos.addAndGet(next.toNanos() - 1);
            for (int j = 0; j < 100; j++) assertThat(pause()).isEqualTo(Duration.ofNanos(1));
            assertThat(pads.loads).as("no load before its time").hasValue(loads);
            nowNanos.incrementAndGet();
        }

        assertThat(pauses)
                .startsWith(FailedLoads.FIRST, FailedLoads.FIRST.multipliedBy(2), FailedLoads.FIRST.multipliedBy(4))
                .endsWith(FailedLoads.LONGEST, FailedLoads.LONGEST);
        assertThat(value(read("b"))).isEmpty();
        assertThat(dispatcher.stats().count(Event.BACKED_OFF)).isEqualTo(800);
    }

    @Test
    void aLoadThatSucceedsIsTheEndOfIt() throws Exception {
        failingLoads();
        pause();
        nowNanos.addAndGet(FailedLoads.FIRST.toNanos());
        pause();
        nowNanos.addAndGet(FailedLoads.LONGEST.toNanos());
        pads.beforeLoad = key -> {};
        value(read("a"));

        granted(tenure(6));
        failingLoads();
        assertThat(pause()).isEqualTo(FailedLoads.FIRST);
    }

    @Test
    void failuresAreForgottenAndNeverTooManyAreRemembered() {
        var failed = new FailedLoads();
        for (int i = 0; i < FailedLoads.MOST + 10; i++) failed.failed(key("key" + i), 0);
        assertThat(failed.size()).isEqualTo(FailedLoads.MOST);

        failed.forgetOld(FailedLoads.REMEMBERED.plus(FailedLoads.FIRST).toNanos());
        assertThat(failed.size()).isEqualTo(FailedLoads.MOST);
        failed.forgetOld(FailedLoads.REMEMBERED.plus(FailedLoads.FIRST).toNanos() + 1);
        assertThat(failed.size()).isZero();
    }

    /// The domain says that there is no such customer: no fault, however the container wraps it.
    @Test
    void aLoadMaySayNoAsOftenAsItIsAsked() throws Exception {
        var no = new Rejection(404, "no-such-customer", "no");
        pads.beforeLoad = key -> {
            throw new IllegalStateException("wrapped by a container", no);
        };

        assertThat(failure(read("a"))).isSameAs(no);
        assertThat(failure(read("a"))).isSameAs(no);
        assertThat(dispatcher.stats().count(Event.LOAD_FAILED)).isZero();
    }

    @Test
    void whoWaitsForALongLoadIsToldWhenHisDeadlinePasses() throws Exception {
        var gate = new Gate();
        pads.beforeLoad = key -> gate.pass();
        var impatient = dispatcher.call(key("a"), new Deadline(1_000), (Pad pad) -> pad.write("too late"));
        var patient = read("a");
        gate.awaitHeld();

        nowNanos.set(999);
        dispatcher.sweep();
        assertThat(impatient).isNotDone();
        nowNanos.set(1_000);
        dispatcher.sweep();

        refused(impatient, Expired.class);
        assertThat(dispatcher.stats().count(Event.EXPIRED)).isEqualTo(1);
        gate.open();
        assertThat(value(patient)).isEmpty();
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void aFactoryThatThrowsFailsTheRequestToo() throws Exception {
        pads.beforeCreate = key -> {
            throw new NoClassDefFoundError("missing");
        };

        refused(read("a"), LoadFailed.class);
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
        refused(later, LoadFailed.class);
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
        pads.beforeLoad = key -> assertThatThrownBy(() -> new Pad(key, Turn.writes(), List.of()).write("in a load"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("during a load");

        assertThat(value(read("a"))).isEmpty();
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
