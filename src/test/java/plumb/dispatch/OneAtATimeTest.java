package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Many callers, few keys, handlers that come and go.
class OneAtATimeTest extends DispatchFixture {
    private static final int CALLERS = 16;
    private static final int CALLS = 500;
    private static final int KEYS = 3;

    @Override
    DispatchSettings settings() {
        return new DispatchSettings(CALLERS * CALLS, 7, Duration.ofSeconds(1), Duration.ofNanos(8), 1000);
    }

    @BeforeEach
    void passivatingAlways() {
        sweepAlways(settings().idle());
    }

    @Test
    void neverTwoRequestsOfAKeyAtATimeAndNoneLost() throws Exception {
        committer.alwaysCommits();
        var running = new AtomicInteger[KEYS];
        var most = new AtomicInteger();
        for (int i = 0; i < KEYS; i++) running[i] = new AtomicInteger();
        var replies = new ArrayList<CompletableFuture<?>>();
        try (var callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int caller = 0; caller < CALLERS; caller++) {
                callers.submit(() -> {
                    for (int i = 0; i < CALLS; i++) {
                        int key = i % KEYS;
                        var reply = call("key" + key, pad -> {
                            most.accumulateAndGet(running[key].incrementAndGet(), Math::max);
                            Thread.yield();
                            pad.write("line");
                            running[key].decrementAndGet();
                            return pad;
                        });
                        synchronized (replies) {
                            replies.add(reply);
                        }
                    }
                });
            }
        }

        for (var reply : replies) value(reply);
        assertThat(most).hasValue(1);
        int lines = 0;
        for (int i = 0; i < KEYS; i++) lines += committer.linesOf("key" + i).size();
        assertThat(lines).isEqualTo(CALLERS * CALLS);
        for (int i = 0; i < KEYS; i++) assertThat(value(read("key" + i))).hasSameSizeAs(committer.linesOf("key" + i));
    }
}
