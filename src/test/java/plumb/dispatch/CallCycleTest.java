package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import plumb.CallCycle;
import plumb.Deadline;
import plumb.Expired;
import plumb.OutcomeUnknown;

/// Handlers that wait for each other.
class CallCycleTest extends DispatchFixture {
    private final AtomicInteger ran = new AtomicInteger();

    @Test
    void aHandlerMayWaitForAnother() throws Exception {
        committer.alwaysCommits();

        var reply = call("a", a -> {
            write("b", "from a").join();
            return read("b").thenApply(List::size).toCompletableFuture().join();
        });

        assertThat(value(reply)).isEqualTo(1);
    }

    @Test
    void whoWouldWaitForAnAnswerThatWaitsForHimIsToldSoAndWhatHeAskedForIsNotRun() throws Exception {
        var reply = call(
                "a",
                a -> call("b", b -> outcome(call("a", again -> ran.incrementAndGet())))
                        .join());

        assertThat(value(reply)).isInstanceOf(CallCycle.class);
        value(read("a"));
        assertThat(ran).hasValue(0);
        soon(() -> assertThat(dispatcher.stats().inside()).isZero());
    }

    @Test
    void aCycleOfManyIsSeenAndSoIsOneByWayOfAStageThatWasMadeOfTheAnswers() throws Exception {
        var reply = call(
                "a",
                a -> call(
                                "b",
                                b -> call(
                                                "c",
                                                c -> call(
                                                                "d",
                                                                d -> outcome(call("a", again -> ran.incrementAndGet())
                                                                        .thenApply(count -> count + 1)
                                                                        .thenApply(count -> count + 1)))
                                                        .thenApply(why -> why)
                                                        .join())
                                        .join())
                        .join());

        assertThat(value(reply)).isInstanceOf(CallCycle.class);
        assertThat(ran).hasValue(0);
    }

    /// Neither of them is in the other's chain of calls: their requests are strangers.
    @Test
    void twoThatBeginToWaitForEachOtherAtOnceAreSeen() throws Exception {
        for (int round = 0; round < 200; round++) {
            var both = new CyclicBarrier(2);
            var a = call("a", pad -> {
                meet(both);
                return outcome(read("b"));
            });
            var b = call("b", pad -> {
                meet(both);
                return outcome(read("a"));
            });

            var outcomes = new ArrayList<Object>(List.of(value(a), value(b)));
            assertThat(outcomes).anyMatch(CallCycle.class::isInstance);
        }
    }

    @Test
    void whoDoesNotWaitMakesNoCycle() throws Exception {
        var later = new CompletableFuture<Integer>();
        var reply = call(
                "a",
                a -> call("b", b -> {
                            call("a", again -> later.complete(ran.incrementAndGet()));
                            return "not waited for";
                        })
                        .join());

        assertThat(value(reply)).isEqualTo("not waited for");
        assertThat(later.get(10, SECONDS)).isEqualTo(1);
    }

    @Test
    void aLoadThatWaitsForOneThatWaitsForItIsSeenToo() throws Exception {
        pads.beforeLoad = key -> {
            if (key.equals("a"))
                assertThat(call("b", b -> outcome(read("a"))).join()).isInstanceOf(CallCycle.class);
        };

        assertThat(value(read("a"))).isEmpty();
    }

    /// As across instances, where nobody sees who waits for whom.
    @Test
    void aWaitEndsWithTheDeadlineWhateverTheOtherOneDoes() throws Exception {
        var gate = new Gate();
        var reply = call("a", a -> {
            var asked = dispatcher.call(key("b"), new Deadline(1), (Pad b) -> {
                gate.pass();
                return "at last";
            });
            gate.held(); // it runs already: what becomes of it nobody knows
            return outcome(asked);
        });

        assertThat(value(reply)).isInstanceOf(OutcomeUnknown.class);
        gate.open();
    }

    @Test
    void whatHasNotBegunByTheDeadlineIsNeverRun() throws Exception {
        Gate gate = busy("b");
        var reply =
                call("a", a -> outcome(dispatcher.call(key("b"), new Deadline(1), (Pad b) -> ran.incrementAndGet())));

        assertThat(value(reply)).isInstanceOf(Expired.class);
        gate.open();
        value(read("b"));
        assertThat(ran).hasValue(0);
    }

    private static void meet(CyclicBarrier others) {
        try {
            others.await(10, SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Waits as a domain does.
    private static Object outcome(CompletableFuture<?> reply) {
        try {
            return reply.join();
        } catch (RuntimeException e) {
            return e.getCause();
        }
    }
}
