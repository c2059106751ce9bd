package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos = Long.MAX_VALUE - 5;

    @Test
    void goesOnWithTheMonotonicClockWhateverTheWallClockDoes() {
        Instant start = wall;
        var clock = new SteadyClock(() -> wall, () -> nanos);

        wall = wall.minusSeconds(3_600);
        nanos += Duration.ofSeconds(2).toNanos(); // wraps

        assertThat(clock.instant()).isEqualTo(start.plusSeconds(2));
    }
}
