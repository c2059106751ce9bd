package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.dispatch.Envelope.Request;
import plumb.dispatch.Mailbox.Offer;

@Timeout(60)
class MailboxTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Mailbox<String> mailbox = new Mailbox<>(2);

    private static Request<String, String> request() {
        return new Request<>(DispatchFixture.LATE, text -> text, new CompletableFuture<>());
    }

    private static Request<String, String> put(Mailbox<String> mailbox) {
        var request = request();
        assertThat(mailbox.offer(request)).isEqualTo(Offer.ACCEPTED);
        return request;
    }

    @Test
    void handsOutInOrderAndNotMoreThanAsked() {
        var first = put(mailbox);
        var second = put(mailbox);

        assertThat(mailbox.take(1, LONG)).hasSize(1).first().isSameAs(first);
        assertThat(mailbox.take(5, LONG)).hasSize(1).first().isSameAs(second);
    }

    @Test
    void aFullOneRefusesRequestsUntilOneIsTakenButControlFindsRoom() {
        put(mailbox);
        put(mailbox);

        assertThat(mailbox.offer(request())).isEqualTo(Offer.FULL);
        mailbox.drain();

        assertThat(mailbox.take(1, LONG)).hasSize(1);
        put(mailbox);
        assertThat(mailbox.take(5, LONG)).hasSize(3).element(1).isInstanceOf(Envelope.Drain.class);
    }

    @Test
    void givesUpWaitingAfterTheIdleTimeAndStaysOpen() {
        assertThat(mailbox.take(5, Duration.ofMillis(1))).isEmpty();

        put(mailbox);
    }

    @Test
    void closesOnlyWhenEmpty() {
        put(mailbox);
        assertThat(mailbox.closeIfEmpty()).isFalse();

        mailbox.take(5, LONG);
        assertThat(mailbox.closeIfEmpty()).isTrue();
        assertThat(mailbox.offer(request())).isEqualTo(Offer.CLOSED);
    }

    @Test
    void closedItGivesBackWhatWillNotBeRunAndWaitsForNothing() {
        var waiting = put(mailbox);
        mailbox.drain();

        assertThat(mailbox.close()).hasSize(1).first().isSameAs(waiting);
        mailbox.drain();
        assertThat(mailbox.take(5, LONG)).isEmpty();
        assertThat(mailbox.close()).isEmpty();
    }

    @Test
    void haltGivesBackWhatWaitsAndIsTheNextThingTaken() {
        var waiting = put(mailbox);

        assertThat(mailbox.halt()).hasSize(1).first().isSameAs(waiting);

        assertThat(mailbox.offer(request())).isEqualTo(Offer.CLOSED);
        assertThat(mailbox.closeIfEmpty()).isTrue();
        assertThat(mailbox.take(5, LONG)).hasSize(1).first().isInstanceOf(Envelope.Halt.class);
    }

    @Test
    void anInterruptDoesNotEndTheWait() {
        Thread.currentThread().interrupt();
        try {
            assertThat(mailbox.take(5, Duration.ofMillis(1))).isEmpty();
        } finally {
            Thread.interrupted();
        }
        put(mailbox);
    }

    /// The promise that the dispatcher is built on: accepted is taken once or given back once, refused is neither.
    @Test
    void whatIsAcceptedIsTakenOrGivenBackWhoeverRaces() throws Exception {
        // daemons, and waited for in bounded time: a mailbox that strands or never closes must fail, not hang
        var threads =
                Executors.newFixedThreadPool(5, Thread.ofPlatform().daemon().factory());
        for (int round = 0; round < 100; round++) {
            var racing = new Mailbox<String>(10);
            Set<Request<String, ?>> accepted = ConcurrentHashMap.newKeySet();
            var out = new ArrayList<Request<String, ?>>();
            var putters = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) putters.add(threads.submit(() -> putUntilClosed(racing, accepted)));
            threads.submit(() -> {
                        while (out.size() < 30) take(racing, out);
                        out.addAll(racing.close());
                    })
                    .get(10, SECONDS);
            for (var putter : putters) putter.get(10, SECONDS);

            assertThat(out).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(accepted);
        }
        threads.shutdown();
    }

    private static void putUntilClosed(Mailbox<String> mailbox, Set<Request<String, ?>> accepted) {
        while (true) {
            var request = request();
            switch (mailbox.offer(request)) {
                case ACCEPTED -> accepted.add(request);
                case FULL -> Thread.yield();
                case CLOSED -> {
                    return;
                }
            }
        }
    }

    private static void take(Mailbox<String> mailbox, List<Request<String, ?>> into) {
        for (Envelope<String> envelope : mailbox.take(7, LONG))
            if (envelope instanceof Request<String, ?> request) into.add(request);
    }
}
