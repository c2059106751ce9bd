package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Key;

class LoadMeterTest extends DispatchFixture {
    private static final long SECOND = 1_000_000_000L;
    private static final Key KEY = new Key(DOMAIN, "a");

    private final LoadMeter meter = new LoadMeter(TENURE, 0);

    @Test
    void nothingIsSaidOfARangeBeforeItWasMeasuredForAWhile() {
        meter.worked(KEY, 1_000, SECOND, 0);

        assertThat(meter.look(SECOND)).isEmpty();
        assertThat(meter.look(5 * SECOND)).isPresent();
    }

    @Test
    void aRangeCostsItsWorkAndSomethingForEachRequest() {
        meter.worked(KEY, 100, SECOND, 2 * SECOND);

        RangeLoad load = meter.look(5 * SECOND).orElseThrow();

        assertThat(load.load()).isCloseTo((1 + 100 * LoadMeter.REQUEST_NANOS / 1e9) / 5, within(1e-9));
        assertThat(load.requests()).isCloseTo(20, within(1e-9));
        assertThat(load.waiting()).isCloseTo(0.4, within(1e-9));
        assertThat(load.tenure()).isEqualTo(TENURE);
    }

    @Test
    void oneBusySpanIsNotTheWholeTruth() {
        meter.look(5 * SECOND);
        meter.worked(KEY, 0, 5 * SECOND, 0);

        assertThat(meter.look(10 * SECOND).orElseThrow().load()).isBetween(0.3, 0.5);
    }

    @Test
    void turnsAreMeasured() throws Exception {
        for (int i = 0; i < 10; i++) call("a", pad -> 1).get();
        call("b", pad -> 1).get();

        nowNanos.addAndGet(Duration.ofSeconds(5).toNanos());

        assertThat(dispatcher.loads()).singleElement().satisfies(load -> {
            assertThat(load.requests()).isCloseTo(11 / 5.0, within(1e-9));
            assertThat(load.hot().getFirst().key().text()).isEqualTo("a");
            assertThat(load.hot().getFirst().share()).isCloseTo(10 / 11.0, within(1e-9));
        });
    }
}
