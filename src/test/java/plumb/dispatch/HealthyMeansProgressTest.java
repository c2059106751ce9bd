package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A handler that stands still is seen, though everything around it goes on.
class HealthyMeansProgressTest extends DispatchFixture {
    @Test
    void aTurnThatDoesNotEndShows() throws Exception {
        var gate = new Gate();
        var stuck = call("stuck", pad -> {
            gate.pass();
            return "at last";
        });
        gate.awaitHeld();
        nowNanos.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(call("another", pad -> "goes on").get()).isEqualTo("goes on");

        assertThat(dispatcher.stats().longestWork(nowNanos.get())).isEqualTo(Duration.ofSeconds(40));
        gate.open();

        assertThat(stuck.get()).isEqualTo("at last");
        soon(() -> assertThat(dispatcher.stats().longestWork(nowNanos.get())).isZero());
    }
}
