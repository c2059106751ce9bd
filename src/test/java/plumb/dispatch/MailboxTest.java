package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.dispatch.Mailbox.Offer;

@Timeout(60)
class MailboxTest {
    private final Mailbox<String> mailbox = new Mailbox<>(2);

    private static Envelope<String, String> envelope(Rank rank) {
        return new Envelope<>(rank, DispatchFixture.LATE, text -> text);
    }

    private Envelope<String, String> put(Rank rank) {
        var envelope = envelope(rank);
        assertThat(mailbox.offer(envelope)).isEqualTo(Offer.ACCEPTED);
        return envelope;
    }

    private Envelope<String, String> put() {
        return put(Rank.USUAL);
    }

    @Test
    void handsOutInOrder() {
        var first = put();
        var second = put();

        assertThat(mailbox.await()).isTrue();
        assertThat(mailbox.poll()).isSameAs(first);
        assertThat(mailbox.poll()).isSameAs(second);
        assertThat(mailbox.poll()).isNull();
    }

    @Test
    void aFullOneRefusesUntilOneIsTaken() {
        put();
        put();
        assertThat(mailbox.offer(envelope(Rank.USUAL))).isEqualTo(Offer.FULL);

        mailbox.poll();

        put();
    }

    @Test
    void whatIsUrgentOrDueFindsRoomInAFullOneAndIsBoundedToo() {
        put();
        put();

        put(Rank.ALARM);
        put(Rank.ALARM);
        assertThat(mailbox.offer(envelope(Rank.ALARM))).isEqualTo(Offer.FULL);
        var urgent = put(Rank.URGENT);
        put(Rank.URGENT);
        assertThat(mailbox.offer(envelope(Rank.URGENT))).isEqualTo(Offer.FULL);

        assertThat(mailbox.poll()).isSameAs(urgent);
    }

    private CompletableFuture<Boolean> loopThatWaits() {
        var loop = CompletableFuture.supplyAsync(mailbox::await);
        Awaitility.await().until(mailbox::isIdle);
        return loop;
    }

    @Test
    void aLoopThatWaitsCanBeAskedToLeaveAndStaysOpen() throws Exception {
        assertThat(mailbox.askToLeave()).as("while it is at work").isFalse();
        var loop = loopThatWaits();

        assertThat(mailbox.askToLeave()).isTrue();

        assertThat(loop.get(10, SECONDS)).isFalse();
        assertThat(mailbox.isIdle()).isFalse();
        var late = put();
        assertThat(mailbox.await()).isTrue();
        assertThat(mailbox.poll()).isSameAs(late);
    }

    @Test
    void nobodyIsAskedToLeaveWhenSomethingWaits() throws Exception {
        var loop = loopThatWaits();
        put();

        assertThat(mailbox.askToLeave()).isFalse();

        assertThat(loop.get(10, SECONDS)).isTrue();
    }

    @Test
    void whatIsPutBackIsNextInItsOrderEvenBeforeWhatIsUrgentAndInAFullOne() {
        var first = put();
        var second = put();
        mailbox.poll();
        mailbox.poll();
        put();
        put();
        put(Rank.URGENT);

        assertThat(mailbox.putBack(List.of(first, second))).isEmpty();

        assertThat(mailbox.poll()).isSameAs(first);
        assertThat(mailbox.poll()).isSameAs(second);
        mailbox.close();
        assertThat(mailbox.putBack(List.of(first))).hasSize(1);
    }

    @Test
    void closesOnlyWhenEmpty() {
        put();
        assertThat(mailbox.closeIfEmpty()).isFalse();

        mailbox.poll();
        assertThat(mailbox.closeIfEmpty()).isTrue();
        assertThat(mailbox.offer(envelope(Rank.URGENT))).isEqualTo(Offer.CLOSED);
    }

    @Test
    void closedItGivesBackWhatWillNotBeRunAndWaitsForNothing() {
        var waiting = put();
        var urgent = put(Rank.URGENT);

        assertThat(mailbox.close()).hasSize(2).contains(waiting, urgent);

        assertThat(mailbox.await()).isFalse();
        assertThat(mailbox.poll()).isNull();
        assertThat(mailbox.close()).isEmpty();
        assertThat(mailbox.closeIfEmpty()).isTrue();
    }

    @Test
    void drainingItHandsOutWhatIsThereAndWaitsForNobody() {
        var waiting = put();
        mailbox.drain();

        assertThat(mailbox.isDraining()).isTrue();
        assertThat(mailbox.await()).isTrue();
        assertThat(mailbox.poll()).isSameAs(waiting);
        assertThat(mailbox.await()).isFalse();
        put(); // refused by whoever drains, not here
    }

    @Test
    void drainingWakesWhoWaits() throws Exception {
        var loop = CompletableFuture.supplyAsync(() -> mailbox.await());

        mailbox.drain();

        assertThat(loop.get(10, SECONDS)).isFalse();
    }

    @Test
    void whatWaitsCanBeTakenOutByItsKindAndItStaysOpen() {
        var back = envelope(Rank.USUAL);
        mailbox.putBack(List.of(back));
        var waiting = put();
        var urgent = put(Rank.URGENT);

        assertThat(mailbox.takeIf(each -> each.rank() == Rank.URGENT))
                .hasSize(1)
                .contains(urgent);
        assertThat(mailbox.takeIf(each -> true)).hasSize(2).contains(back, waiting);
        assertThat(mailbox.closeIfEmpty()).isTrue();
    }

    @Test
    void whatIsTakenOutMakesRoom() {
        put();
        put();
        mailbox.takeIf(each -> true);

        put();

        put();
    }

    @Test
    void anInterruptDoesNotEndTheWait() throws Exception {
        Thread.currentThread().interrupt();
        try {
            var later = CompletableFuture.runAsync(() -> {
                Awaitility.await().until(mailbox::isIdle);
                put();
            });
            assertThat(mailbox.await()).isTrue();
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            later.get(10, SECONDS);
        } finally {
            Thread.interrupted();
        }
    }

    /// The promise that the dispatcher is built on: accepted is taken once or given back once, refused is neither.
    @Test
    void whatIsAcceptedIsTakenOrGivenBackWhoeverRaces() throws Exception {
        // daemons, and waited for in bounded time: a mailbox that strands or never closes must fail, not hang
        var threads =
                Executors.newFixedThreadPool(5, Thread.ofPlatform().daemon().factory());
        for (int round = 0; round < 100; round++) {
            var racing = new Mailbox<String>(10);
            Set<Envelope<String, ?>> accepted = ConcurrentHashMap.newKeySet();
            var out = new ArrayList<Envelope<String, ?>>();
            var putters = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                Rank rank = Rank.values()[i];
                putters.add(threads.submit(() -> putUntilClosed(racing, rank, accepted)));
            }
            threads.submit(() -> {
                        while (out.size() < 30) {
                            racing.await();
                            Envelope<String, ?> next = racing.poll();
                            if (next != null) out.add(next);
                        }
                        out.addAll(racing.close());
                    })
                    .get(10, SECONDS);
            for (var putter : putters) putter.get(10, SECONDS);

            assertThat(out).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(accepted);
        }
        threads.shutdown();
    }

    private static void putUntilClosed(Mailbox<String> mailbox, Rank rank, Set<Envelope<String, ?>> accepted) {
        while (true) {
            var envelope = envelope(rank);
            switch (mailbox.offer(envelope)) {
                case ACCEPTED -> accepted.add(envelope);
                case FULL -> Thread.yield();
                case CLOSED -> {
                    return;
                }
            }
        }
    }
}
