package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.LiveTotal;
import plumb.dispatch.LiveSum;
import plumb.http.GaugeTotal.Counted;
import plumb.http.GaugeTotal.Missing;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

/// The sum over peers that are asked over real connections.
@Timeout(60)
class GaugeTotalsTest {
    private static final String GAUGE = "pizzas";
    private static final KeyRange LOW = KeyRange.even(2).getFirst();
    private static final KeyRange HIGH = KeyRange.even(2).getLast();

    private final Neighbours neighbours = new Neighbours();
    private volatile List<LiveSum> here = List.of();
    private final GaugeTotals totals = new GaugeTotals(
            new GaugeTotals.Here() {
                @Override
                public Map<String, String> gauges() {
                    return Map.of(GAUGE, Neighbours.DOMAIN);
                }

                @Override
                public List<LiveSum> sums(String gauge) {
                    return here;
                }
            },
            neighbours.routes,
            neighbours::refresh,
            neighbours.forwarder,
            task -> Thread.ofVirtual().start(task),
            System::nanoTime);

    @AfterEach
    void end() {
        neighbours.close();
    }

    private GaugeTotal total() throws Exception {
        return totals.of(GAUGE, Neighbours.DOMAIN).get(30, TimeUnit.SECONDS);
    }

    private static LiveSum sum(int range, long epoch, long value) {
        return new LiveSum(new RangeId(range), new Epoch(epoch), value, true);
    }

    private static void say(HttpExchange exchange, String lines) throws java.io.IOException {
        Neighbours.answer(exchange, 200, "text/plain", lines);
    }

    @Test
    void aDomainLearnsTheSumAndWhetherItIsAllOfIt() throws Exception {
        here = List.of(sum(1, 4, 3));
        neighbours.owns(neighbours.me, 1, LOW, 4);

        assertThat(totals.of(GAUGE).toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(new LiveTotal(3, true));
        assertThatThrownBy(() -> totals.of("unheard_of"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unheard_of");
    }

    @Test
    void everyRangeOfEveryInstanceIsCountedOnceWithItsEpoch() throws Exception {
        here = List.of(sum(1, 4, 3), sum(9, 1, 1_000)); // 9: of another time, no range of the table
        neighbours.owns(neighbours.me, 1, LOW, 4);
        neighbours.owns(neighbours.peer("b", exchange -> say(exchange, "2 7 5\n1 3 1000\n")), 2, HIGH, 7);

        GaugeTotal total = total();

        assertThat(total.value()).isEqualTo(8);
        assertThat(total.complete()).isTrue();
        assertThat(total.version()).isEqualTo(2);
        assertThat(total.ranges()).containsExactly(new Counted(1, 4, "me", 3), new Counted(2, 7, "b", 5));
        assertThat(total.missing()).isEmpty();
    }

    @Test
    void aPeerIsAskedOverASignedHop() throws Exception {
        var signed = new CompletableFuture<Boolean>();
        Incarnation b = neighbours.peer("b", exchange -> {
            Headers headers = Headers.of(exchange.getRequestHeaders());
            var signer = new HopSigner(Neighbours.SETTINGS, java.time.InstantSource.system());
            signed.complete(Credentials.of(headers, "GET", exchange.getRequestURI(), signer, new HttpStats())
                    .trusted());
            say(exchange, "1 1 2\n");
        });
        neighbours.owns(b, 1, KeyRange.ALL, 1);

        assertThat(total().value()).isEqualTo(2);
        assertThat(signed.get()).isTrue();
    }

    @Test
    void aRangeThatMovedIsAskedForAtItsNewOwner() throws Exception {
        Incarnation former = neighbours.peer("b", exchange -> say(exchange, ""));
        Incarnation next = neighbours.peer("c", exchange -> say(exchange, "1 8 5\n"));
        neighbours.owns(former, 1, KeyRange.ALL, 7);
        neighbours.onRefresh = () -> neighbours.owns(next, 1, KeyRange.ALL, 8);

        assertThat(total().ranges()).containsExactly(new Counted(1, 8, "c", 5));
    }

    /// What its owner says of another epoch than the table's is not said of that range.
    @Test
    void anEpochThatTheTableDoesNotKnowYetIsCountedByTheNextTableOnly() throws Exception {
        Incarnation b = neighbours.peer("b", exchange -> say(exchange, "1 8 5\n"));
        neighbours.owns(b, 1, KeyRange.ALL, 7);
        neighbours.onRefresh = () -> neighbours.owns(b, 1, KeyRange.ALL, 8);

        GaugeTotal total = total();

        assertThat(total.ranges()).containsExactly(new Counted(1, 8, "b", 5));
        assertThat(total.version()).isGreaterThan(1);
    }

    @Test
    void aSplitWhileItIsCountedCountsNothingTwice() throws Exception {
        Incarnation b = neighbours.peer("b", exchange -> say(exchange, "1 8 2\n2 8 3\n"));
        neighbours.owns(b, 1, KeyRange.ALL, 7);
        here = List.of(sum(1, 7, 1_000));
        neighbours.onRefresh = () -> {
            neighbours.owns(b, 2, HIGH, 8);
            neighbours.owns(b, 1, LOW, 8);
        };

        GaugeTotal total = total();

        assertThat(total.value()).isEqualTo(5);
        assertThat(total.complete()).isTrue();
    }

    @Test
    void aRangeOnItsWayIsMissingUntilItHasArrived() throws Exception {
        neighbours.owns(neighbours.me, 1, KeyRange.ALL, 4);
        here = List.of(sum(1, 4, 3).unsettled());
        var asked = new AtomicInteger();
        neighbours.onRefresh = () -> {
            if (asked.incrementAndGet() == 3) here = List.of(sum(1, 4, 6));
        };

        assertThat(total().value()).isEqualTo(6);
    }

    @Test
    void whoHasNoOwnerOrDoesNotAnswerIsMissingAndNamed() throws Exception {
        var end = new CountDownLatch(1);
        Incarnation silent = neighbours.peer("silent", exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        neighbours.owns(null, 1, LOW, 3);
        neighbours.owns(silent, 2, HIGH, 7);

        GaugeTotal total = total();

        end.countDown();
        assertThat(total.complete()).isFalse();
        assertThat(total.value()).isZero();
        assertThat(total.missing()).containsExactly(new Missing(1, 3, null), new Missing(2, 7, "silent"));
    }

    @Test
    void rubbishIsNoAnswer() throws Exception {
        neighbours.owns(neighbours.peer("b", exchange -> say(exchange, "1 7 many\n")), 1, LOW, 7);
        neighbours.owns(
                neighbours.peer("c", exchange -> Neighbours.answer(exchange, 404, "application/problem+json", "{}")),
                2,
                HIGH,
                7);

        assertThat(total().missing()).hasSize(2);
    }

    @Test
    void whileOneIsAnsweredAllTheOthersShareTheNextAnswer() throws Exception {
        var asked = new AtomicInteger();
        var first = new CountDownLatch(1);
        Incarnation b = neighbours.peer("b", exchange -> {
            int question = asked.incrementAndGet();
            try {
                if (question == 1) first.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            say(exchange, "1 7 " + question + "\n");
        });
        neighbours.owns(b, 1, KeyRange.ALL, 7);
        var one = totals.of(GAUGE, Neighbours.DOMAIN);
        await().until(() -> asked.get() == 1);

        var others = new ArrayList<CompletableFuture<GaugeTotal>>();
        for (int i = 0; i < 20; i++) others.add(totals.of(GAUGE, Neighbours.DOMAIN));
        first.countDown();

        assertThat(one.get(30, TimeUnit.SECONDS).value()).isEqualTo(1);
        for (CompletableFuture<GaugeTotal> each : others)
            assertThat(each.get(30, TimeUnit.SECONDS).value()).as("asked anew").isEqualTo(2);
        assertThat(asked).hasValue(2);
    }
}
