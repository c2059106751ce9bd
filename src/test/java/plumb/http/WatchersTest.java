package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Who waits for another routing table, and for how long.
class WatchersTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final ExecutorService replies = Executors.newVirtualThreadPerTaskExecutor();
    private final Routes routes = new Routes();
    private final Watchers watchers = new Watchers(routes, 2, replies);

    WatchersTest() {
        publish(1);
    }

    @AfterEach
    void end() {
        replies.close();
    }

    private void publish(long version) {
        var row = new RangeRow(new RangeId(1), "customer", KeyRange.ALL, null, new Epoch(version), null, version);
        routes.publish(routes.current().with(null, new RangePage(List.of(row), version), Map.of()));
    }

    private CompletionStage<RoutingTable> next(RoutingTable seen, Duration atMost) {
        return watchers.next(seen, atMost).orElseThrow();
    }

    private static long versionOf(CompletionStage<RoutingTable> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        return answer.toCompletableFuture().get(30, TimeUnit.SECONDS).version();
    }

    @Test
    void aChangeEndsTheWait() throws Exception {
        CompletionStage<RoutingTable> answer = next(routes.current(), LONG);
        assertThat(watchers.waiting()).isOne();

        publish(2);

        assertThat(versionOf(answer)).isEqualTo(2);
        assertThat(watchers.waiting()).isZero();
    }

    @Test
    void theSameVersionAgainIsNoChange() throws Exception {
        CompletionStage<RoutingTable> answer = next(routes.current(), LONG);

        publish(1);

        assertThat(answer.toCompletableFuture()).isNotDone();
        watchers.close();
        assertThat(versionOf(answer)).isEqualTo(1);
    }

    @Test
    void withoutAChangeItEndsWhenTheTimeIsOver() throws Exception {
        assertThat(versionOf(next(routes.current(), SHORT))).isEqualTo(1);
        assertThat(watchers.waiting()).isZero();
    }

    @Test
    void whatChangedBeforeTheWaitBeganEndsItAtOnce() throws Exception {
        RoutingTable seen = routes.current();
        publish(2);

        assertThat(versionOf(next(seen, LONG))).isEqualTo(2);
    }

    @Test
    void theirNumberIsBounded() throws Exception {
        CompletionStage<RoutingTable> first = next(routes.current(), LONG);
        next(routes.current(), LONG);
        assertThat(watchers.next(routes.current(), LONG)).isEmpty();
        assertThat(watchers.refused()).isOne();

        publish(2);
        versionOf(first);

        assertThat(watchers.next(routes.current(), SHORT))
                .as("places are free again")
                .isPresent();
    }

    @Test
    void whoTellsTheChangeDoesNotAnswerItself() throws Exception {
        CompletionStage<Thread> answered = next(routes.current(), LONG).thenApply(table -> Thread.currentThread());

        publish(2);

        assertThat(answered.toCompletableFuture().get(30, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void afterTheEndNobodyWaits() throws Exception {
        watchers.close();

        assertThat(versionOf(next(routes.current(), LONG))).isEqualTo(1);
    }
}
