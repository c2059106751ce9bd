package plumb.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LockoutTest {
    private final AtomicLong now = new AtomicLong();
    private final Lockout lockout = new Lockout(now::get);

    private void fail(String name, String address, int times) {
        for (int i = 0; i < times; i++) lockout.failed(name, address);
    }

    @Test
    void tenWrongPasswordsMeanAWait() {
        fail("joe", "10.0.0.1", 9);
        assertThat(lockout.left("joe", "10.0.0.1")).isZero();

        fail("joe", "10.0.0.1", 1);

        assertThat(lockout.left("joe", "10.0.0.1")).isEqualTo(Duration.ofMinutes(5));
        now.addAndGet(Duration.ofMinutes(4).toNanos());
        assertThat(lockout.left("joe", "10.0.0.1")).isEqualTo(Duration.ofMinutes(1));
        now.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(lockout.left("joe", "10.0.0.1")).isZero();
        assertThat(lockout.guessers()).isZero();
    }

    /// Or anybody could keep everybody out.
    @Test
    void joeHimselfMayTryFromElsewhere() {
        fail("joe", "10.0.0.1", 20);

        assertThat(lockout.left("joe", "10.0.0.2")).isZero();
        assertThat(lockout.left("jim", "10.0.0.1")).isZero();
    }

    @Test
    void theRightPasswordForgetsTheWrongOnes() {
        fail("joe", "10.0.0.1", 9);
        lockout.succeeded("joe", "10.0.0.1");
        fail("joe", "10.0.0.1", 9);

        assertThat(lockout.left("joe", "10.0.0.1")).isZero();
        assertThat(lockout.failures()).isEqualTo(18);
    }

    @Test
    void itDoesNotGrow() {
        for (int i = 0; i < 10_100; i++) lockout.failed("joe" + i, "10.0.0.1");

        assertThat(lockout.guessers()).isEqualTo(10_000);
    }
}
