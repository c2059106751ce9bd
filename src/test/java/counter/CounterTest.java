package counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.Effect;
import plumb.OutcomeUnknown;
import plumb.Rejection;
import plumb.RequestId;
import plumb.testing.TestKit;

class CounterTest {
    private static final RequestId REQUEST = RequestId.ofClient("morning");

    private final Map<String, Long> table = new HashMap<>();
    private final Totals twin = new Totals() {
        @Override
        long of(String counter) {
            return table.getOrDefault(counter, 0L);
        }
    };
    private final TestKit<Counter> kit = TestKit.of(Counter.class)
            .with(Totals.class, twin)
            .onCommit(Counter.Total.class, row -> table.put(row.counter(), row.total()))
            .start();

    @AfterEach
    void end() {
        kit.close();
    }

    private long add(long amount, RequestId request) {
        return kit.at("coffee")
                .call(counter -> counter.add(new Counter.Add(amount), request))
                .value()
                .total();
    }

    @Test
    void itCounts() {
        assertThat(add(3, RequestId.ofClient("1"))).isEqualTo(3);
        assertThat(add(4, RequestId.ofClient("2"))).isEqualTo(7);
        assertThat(kit.gauge("counted")).isEqualTo(7);
        assertThat(table).isEqualTo(Map.of("coffee", 7L));
    }

    @Test
    void theNextOwnerGoesOn() {
        add(3, RequestId.ofClient("1"));
        kit.move();
        add(4, RequestId.ofClient("2"));
        kit.crash();

        assertThat(kit.at("coffee").call(Counter::total).total()).isEqualTo(7);
    }

    /// The client does not know whether it worked, and asks again.
    @Test
    void aRequestCountsOnceAlsoIfItsAnswerIsLost() {
        kit.crashAfterNextCommit();
        assertThatThrownBy(() -> add(3, REQUEST)).isInstanceOf(OutcomeUnknown.class);

        Effect<Counter.Total> again = kit.at("coffee").call(counter -> counter.add(new Counter.Add(3), REQUEST));

        assertThat(again).isEqualTo(new Effect<>(new Counter.Total("coffee", 3), true));
    }

    @Test
    void aRequestThatDiedBeforeItsCommitDidNothing() {
        kit.crashBeforeNextCommit();
        assertThatThrownBy(() -> add(3, REQUEST)).isInstanceOf(OutcomeUnknown.class);

        assertThat(add(3, REQUEST)).isEqualTo(3);
    }

    @Test
    void nothingIsTakenOff() {
        assertThatThrownBy(() -> add(-1, REQUEST)).isInstanceOf(Rejection.class);
        assertThat(kit.rows()).isEmpty();
    }
}
