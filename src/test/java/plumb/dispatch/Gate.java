package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Holds a handler's thread at a known place until the test lets it go.
final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /// For the thread to be held. An interrupt does not free it.
    void pass() {
        reached.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                opened.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// For a request that waits until another one is held.
    void held() {
        try {
            awaitHeld();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Waits until somebody is held.
    Gate awaitHeld() throws InterruptedException {
        assertThat(reached.await(10, TimeUnit.SECONDS)).as("somebody is held").isTrue();
        return this;
    }

    void open() {
        opened.countDown();
    }
}
