package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.KeyRange;

/// Idle handlers end; whoever comes then is served all the same.
class PassivationTest extends DispatchFixture {
    @Override
    DispatchSettings settings() {
        return new DispatchSettings(100, 100, Duration.ofSeconds(1), Duration.ofMillis(1), 1000);
    }

    @BeforeEach
    void passivatingAlways() {
        sweepAlways(settings().idle());
    }

    @Test
    void anIdleHandlerEndsAndTheNextRequestLoadsAnew() throws Exception {
        assertThat(value(read("a"))).isEmpty();
        assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        await().until(() -> dispatcher.stats().handlers() == 0);
        committer.store("a", "meanwhile");

        assertThat(value(read("a"))).containsExactly("meanwhile");
        assertThat(dispatcher.stats().count(Event.PASSIVATED)).isPositive();
    }

    @Test
    void aPassivatedKeyDoesNotCountAnyMore() throws Exception {
        committer.store("a", "one");
        value(read("a"));

        assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(dispatcher.live("lines")).extracting(LiveSum::value).containsExactly(0L);
    }

    @Test
    void aClockMayBeginAnywhere() throws Exception {
        var other = new Dispatcher(
                settings(),
                committer,
                trusted::get,
                () -> Long.MIN_VALUE / 2 + nowNanos.get(),
                Thread.ofVirtual().factory(),
                replies());
        other.register(DOMAIN, pads);
        other.granted(DOMAIN, KeyRange.ALL, TENURE);
        var soon = new Deadline(Long.MIN_VALUE / 2 + Duration.ofHours(1).toNanos());
        value(other.call(key("a"), soon, Pad::read));

        await().until(() -> {
            nowNanos.addAndGet(settings().idle().toNanos());
            other.sweep();
            return other.stats().handlers() == 0;
        });
    }

    /// Else a slow destructor of the old state and the load of the new one would meet.
    @Test
    void aRequestThatComesDuringTheDiscardWaitsForItsEnd() throws Exception {
        var gate = new Gate();
        pads.duringDiscard = key -> gate.pass();
        value(read("a"));
        gate.awaitHeld();

        var late = read("a");
        assertThat(dispatcher.stats().handlers()).isEqualTo(1);
        assertThat(late).isNotDone();
        assertThat(pads.loads).hasValue(1);

        gate.open();
        assertThat(value(late)).isEmpty();
        assertThat(pads.loads).hasValue(2);
    }

    @Test
    void neverTwoStatesOfAKeyHoweverRequestsRaceWithPassivation() throws Exception {
        var states = new AtomicInteger();
        var most = new AtomicInteger();
        pads.beforeLoad = key -> most.accumulateAndGet(states.incrementAndGet(), Math::max);
        pads.duringDiscard = key -> {
            Thread.yield();
            states.decrementAndGet();
        };

        for (int round = 0; round < 100; round++) {
            pads.discarded.clear();
            value(read("a"));
            assertThat(pads.discarded.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
            for (int i = 0; i < 10; i++) value(read("a")); // at any moment of the handler's end
        }

        assertThat(most).hasValue(1);
    }
}
