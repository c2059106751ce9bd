package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import plumb.Overloaded;
import plumb.dispatch.DispatchStats.Event;

/// Who has to go when there is no room, and who may stay.
class ResidentsTest extends DispatchFixture {
    private static final int MOST = 20;

    private int busy;

    @Override
    DispatchSettings settings() {
        return new DispatchSettings(100, 100, Duration.ofSeconds(1), Duration.ofHours(1), MOST);
    }

    /// One after the other, a second apart; idle when this returns.
    private void use(String key) throws Exception {
        nowNanos.addAndGet(SECONDS.toNanos(1));
        value(read(key));
        allIdleBut(busy);
    }

    private void allIdleBut(int some) {
        soon(() -> assertThat(dispatcher.residents().idle())
                .isEqualTo(dispatcher.stats().handlers() - some));
    }

    private void full() throws Exception {
        for (int i = 0; i < MOST; i++) use("key" + i);
    }

    private String nextDiscarded() throws InterruptedException {
        return Objects.requireNonNull(pads.discarded.poll(10, SECONDS));
    }

    @Test
    void whoWasNotUsedForLongestMakesRoom() throws Exception {
        full();
        use("key0");

        use("newcomer");
        assertThat(nextDiscarded()).isEqualTo("key1");
        use("another");
        assertThat(nextDiscarded()).isEqualTo("key2");

        soon(() -> assertThat(dispatcher.stats().handlers()).isEqualTo(MOST));
        assertThat(dispatcher.stats().count(Event.MADE_ROOM)).isEqualTo(2);
        assertThat(value(read("key1"))).as("it comes back").isEmpty();
    }

    @Test
    void aTickIsNoUse() throws Exception {
        full();
        nowNanos.addAndGet(SECONDS.toNanos(1));
        value(dispatcher.call(key("key0"), Rank.TICK, LATE, (Pad pad) -> pad.read()));
        allIdleBut(0);

        use("newcomer");

        assertThat(nextDiscarded()).isEqualTo("key0");
    }

    @Test
    void whoIsBusyStays() throws Exception {
        full();
        Gate gate = busy("key0");
        busy = 1;

        use("newcomer");

        assertThat(nextDiscarded()).isEqualTo("key1");
        gate.open();
    }

    /// Else handlers whose end hangs would pile up.
    @Test
    void whenTooManyThatWereLetGoDoNotEndNewcomersAreRefused() throws Exception {
        full();
        var gate = new Gate();
        pads.duringDiscard = key -> gate.pass();

        int served = 0;
        while (served < 10 * MOST && isServed("newcomer" + served)) served++;

        assertThat(served).isBetween(1, MOST);
        refused(read("one more"), Overloaded.class);
        gate.open();
        soon(() -> {
            dispatcher.sweep();
            assertThat(dispatcher.stats().handlers()).isEqualTo(MOST);
        });
        assertThat(value(read("one more"))).isEmpty();
    }

    private boolean isServed(String key) throws Exception {
        var reply = read(key);
        if (reply.isCompletedExceptionally()) return false;
        value(reply);
        soon(() -> assertThat(dispatcher.residents().idle()).isEqualTo(MOST)); // the newcomers, too
        return true;
    }

    @Test
    void whenMemoryIsShortAPartOfTheIdleGoesTheLeastRecentlyUsedFirst() throws Exception {
        full();
        use("key0");

        assertThat(dispatcher.shed(0.25)).isEqualTo(MOST / 4);

        var gone = new HashSet<String>();
        for (int i = 0; i < MOST / 4; i++) gone.add(nextDiscarded());
        assertThat(gone).containsExactlyInAnyOrder("key1", "key2", "key3", "key4", "key5");
        soon(() -> assertThat(dispatcher.stats().handlers()).isEqualTo(MOST - MOST / 4));
        assertThat(dispatcher.stats().count(Event.SHED)).isEqualTo(MOST / 4);
    }

    @Test
    void whenMemoryIsShortWhoIsBusyStays() throws Exception {
        Gate gate = busy("busy");
        busy = 1;
        assertThat(dispatcher.shed(1)).isZero();
        use("idle");

        assertThat(dispatcher.shed(1)).isEqualTo(1);

        assertThat(nextDiscarded()).isEqualTo("idle");
        gate.open();
    }

    @Test
    void manyWhoComeAndGoNeverLoseCount() throws Exception {
        committer.alwaysCommits();
        var luck = new Random();
        var served = new AtomicInteger();
        var replies = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 5_000; i++)
            replies.add(call("key" + luck.nextInt(3 * MOST), pad -> served.incrementAndGet()));
        for (var reply : replies) reply.exceptionally(refused -> null).get(10, SECONDS);

        assertThat(served.get()).isPositive();
        soon(() -> {
            dispatcher.sweep();
            assertThat(dispatcher.stats().handlers()).isLessThanOrEqualTo(MOST);
        });
        full();
        assertThat(dispatcher.stats().handlers()).isEqualTo(MOST);
    }
}
