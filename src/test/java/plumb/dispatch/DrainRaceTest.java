package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// One handler after the other begins while the range is drained or halted. They would idle for an hour: one that is
/// missed shows.
class DrainRaceTest extends DispatchFixture {
    private static final int ROUNDS = 1000;
    private static final int CALLERS = 2;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean drained = new AtomicBoolean();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    @Test
    void aHandlerThatBeginsDuringADrainIsWaitedForOrRunsNothing() throws Exception {
        race(round -> {
            dispatcher.drain(RANGE).get(20, SECONDS);
            drained.set(true);
            Thread.yield();
            drained.set(false);
            dispatcher.undrain(RANGE);
        });

        assertThat(late).as("requests that ran after a drain").hasValue(0);
    }

    @Test
    void aHandlerThatBeginsDuringAHaltEnds() throws Exception {
        race(round -> {
            dispatcher.halt(RANGE, "lost");
            soon(() -> assertThat(dispatcher.stats().handlers()).isZero());
            granted(tenure(6 + round));
        });
    }

    private interface Change {
        void change(int round) throws Exception;
    }

    private void race(Change change) throws Exception {
        var luck = new Random();
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            for (int caller = 0; caller < CALLERS; caller++) threads.execute(this::startHandlers);
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    for (int i = luck.nextInt(2000); i > 0; i--) Thread.onSpinWait();
                    change.change(round);
                }
            } finally {
                stop.set(true);
            }
        }
        soon(() -> assertThat(answered).hasValue(asked.get()));
    }

    private void startHandlers() {
        while (!stop.get()) {
            CompletableFuture<?> reply = call("key" + asked.incrementAndGet(), pad -> {
                if (drained.get()) late.incrementAndGet();
                return pad.read();
            });
            reply.whenComplete((value, failure) -> answered.incrementAndGet());
        }
    }
}
