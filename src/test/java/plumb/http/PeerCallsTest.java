package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.Deadline;
import plumb.Expired;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Overloaded;
import plumb.Peers;
import plumb.RequestId;
import plumb.commit.CommitResult;
import plumb.dispatch.AnswerDeadline;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.Domains;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.KeyType;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// What a handler wants of another, over real connections to servers that stand for the owners.
@Timeout(60)
class PeerCallsTest {
    private static final Peers.Message ORDER =
            Peers.post(Neighbours.DOMAIN, "joe", "customers/{customer}/orders").body("{\"a\":1}");

    private Neighbours neighbours = new Neighbours();
    private volatile Deadline deadline = Deadline.in(Duration.ofSeconds(10), System.nanoTime());
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /// What a peer got.
    private record Asked(String method, String path, Headers headers, String body, boolean trusted) {}

    @AfterEach
    void end() {
        neighbours.close();
    }

    private Peers peers(HttpSettings settings) {
        return new PeerCalls(
                settings,
                new Domains(Map.of(Neighbours.DOMAIN, KeyType.STRING)),
                neighbours.steering,
                new Json() {
                    @Override
                    public String write(Object value) {
                        return "{\"written\":\"" + value + "\"}";
                    }

                    @Override
                    public <A> A read(String json, Class<A> type) {
                        return type.cast(json.length());
                    }
                },
                () -> deadline,
                task -> Thread.ofVirtual().start(task),
                System::nanoTime);
    }

    private Peers.Answer answer(Peers.Message message) throws Exception {
        return peers(Neighbours.SETTINGS).send(message).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Throwable failure(Peers.Message message) throws Exception {
        try {
            throw new AssertionError("answered: " + answer(message));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private void note(HttpExchange exchange) throws IOException {
        Headers headers = Headers.of(exchange.getRequestHeaders());
        var signer = new HopSigner(Neighbours.SETTINGS, InstantSource.system());
        var uri = exchange.getRequestURI();
        boolean trusted = Credentials.of(headers, exchange.getRequestMethod(), uri, signer, new HttpStats())
                .trusted();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        asked.add(new Asked(exchange.getRequestMethod(), uri.getRawPath(), headers, body, trusted));
    }

    private Neighbours.Answering says(int status, String type, String body) {
        return exchange -> {
            note(exchange);
            Neighbours.answer(exchange, status, type, body);
        };
    }

    private Neighbours.Answering created() {
        return says(201, "application/json", "{\"id\":7}");
    }

    /// Takes the request and hangs up.
    private Neighbours.Answering hangsUp() {
        return this::note;
    }

    private void ownedBy(Incarnation owner, long epoch) {
        neighbours.owns(owner, 1, KeyRange.ALL, epoch);
    }

    @Test
    void theOwnersResourceAnswersOverASignedHop() throws Exception {
        ownedBy(neighbours.peer("b", created()), 3);

        Peers.Answer answer = answer(ORDER.header("X-Why", "test"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text()).isEqualTo("{\"id\":7}");
        assertThat(answer.as(Integer.class)).isEqualTo(8);
        assertThat(answer.header("plumb-owner")).contains("peer");
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().trusted()).isTrue();
        assertThat(asked.getFirst().method()).isEqualTo("POST");
        assertThat(asked.getFirst().path()).isEqualTo("/api/customers/joe/orders");
        assertThat(asked.getFirst().body()).isEqualTo("{\"a\":1}");
        assertThat(asked.getFirst().headers().single("X-Why")).isEqualTo("test");
        assertThat(new RequestId(asked.getFirst().headers().single(RequestId.HEADER)).isMinted())
                .isTrue();
    }

    @Test
    void aKeyOfOurOwnIsAskedOverHttpToo() throws Exception {
        neighbours.meAnswering(created());
        ownedBy(neighbours.me, 3);

        assertThat(answer(ORDER).status()).isEqualTo(201);
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst().trusted()).isTrue();
    }

    @Test
    void aKeyThatMovedIsAskedForAtItsNewOwner() throws Exception {
        neighbours.meAnswering(says(421, "application/problem+json", "{}"));
        ownedBy(neighbours.me, 3);
        Incarnation b = neighbours.peer("b", created());
        neighbours.onRefresh = () -> ownedBy(b, 4);

        assertThat(answer(ORDER).status()).isEqualTo(201);
        assertThat(asked).hasSize(2);
    }

    /// The table says that it is ours, we ourselves do not know it yet, or are not sure of it any more.
    @Test
    void aKeyOfOurOwnThatWeRefuseForEverIsRefusedNotALoop() throws Exception {
        neighbours.meAnswering(says(421, "application/problem+json", "{}"));
        ownedBy(neighbours.me, 3);

        assertThat(failure(ORDER)).isInstanceOf(NotOwner.class);
        assertThat(asked).hasSizeBetween(1, 50);
    }

    @Test
    void withoutANameItIsNeverSentAgainOnceItMayHaveBeenApplied() throws Exception {
        ownedBy(neighbours.peer("b", hangsUp()), 3);

        assertThat(failure(ORDER)).isInstanceOf(OutcomeUnknown.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void withANameItIsSentAgainUnderTheSameId() throws Exception {
        Incarnation c = neighbours.peer("c", created());
        ownedBy(neighbours.peer("b", hangsUp()), 3);
        neighbours.onRefresh = () -> ownedBy(c, 4);

        assertThat(answer(ORDER.once("gift-7")).status()).isEqualTo(201);
        assertThat(asked)
                .extracting(each -> each.headers().single(RequestId.HEADER))
                .containsExactly("handler:gift-7", "handler:gift-7");
    }

    @Test
    void aReadIsSentAgainAndItsFailureIsNoUnknownOutcome() throws Exception {
        ownedBy(neighbours.peer("b", hangsUp()), 3);

        assertThat(failure(Peers.get(Neighbours.DOMAIN, "joe", "customers/{customer}")))
                .isInstanceOf(NotOwner.class);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatTheOwnersPlumbingRefusesIsRefusedAndWhatItsResourceSaysIsAnAnswer() throws Exception {
        Incarnation b = neighbours.peer("b", exchange -> {
            note(exchange);
            int number = asked.size();
            Problem problem = switch (number) {
                case 1 -> Problem.of(429, "overloaded", "too much");
                case 2 -> Problem.of(503, "expired", "too late");
                case 3 -> Problem.of(504, "outcome-unknown", "who knows");
                case 4 -> Problem.of(409, "out-of-stock", "no more tuna");
                default -> Problem.of(503, "kitchen-closed", "come back tomorrow");
            };
            Neighbours.answer(exchange, problem.status(), Problem.MEDIA_TYPE, """
                    {"type":"%s%s","title":"x","status":%d,"detail":"%s"}""".formatted(
                            Problem.BASE, problem.type(), problem.status(), problem.detail()));
        });
        ownedBy(b, 3);

        Throwable full = failure(ORDER);
        assertThat(full).isInstanceOf(Overloaded.class).hasMessage("too much");
        assertThat(((Overloaded) full).scope()).isEqualTo(Overloaded.Scope.KEY);
        assertThat(failure(ORDER)).isInstanceOf(Expired.class).hasMessage("too late");
        assertThat(failure(ORDER)).isInstanceOf(OutcomeUnknown.class).hasMessage("who knows");
        assertThat(answer(ORDER).status()).isEqualTo(409);
        assertThat(answer(ORDER).status()).isEqualTo(503);
    }

    @Test
    void aKeyThatNobodyOwnsIsRefusedAfterAWhile() throws Exception {
        neighbours.owns(null, 1, KeyRange.ALL, 3);

        assertThat(failure(ORDER)).isInstanceOf(NotOwner.class);
    }

    @Test
    void itHasNoMoreTimeThanItsCallerAndTellsTheOwner() throws Exception {
        ownedBy(neighbours.peer("b", created()), 3);

        deadline = Deadline.in(Duration.ofSeconds(3), System.nanoTime());
        answer(ORDER.within(Duration.ofMinutes(1)));
        deadline = Deadline.in(Duration.ofMinutes(1), System.nanoTime());
        answer(ORDER.within(Duration.ofSeconds(3)));

        assertThat(asked)
                .extracting(each -> Long.parseLong(each.headers().single(Hop.DEADLINE)))
                .allMatch(millis -> millis <= 3_000);
        deadline = Deadline.in(Duration.ZERO, System.nanoTime());
        assertThat(failure(ORDER)).isInstanceOf(Expired.class);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatIsBuiltOnItsAnswerHasNoMoreTimeEither() throws Exception {
        var end = new CountDownLatch(1);
        ownedBy(
                neighbours.peer("b", exchange -> {
                    await(end);
                    Neighbours.answer(exchange, 204, "text/plain", "");
                }),
                3);

        var left = peers(Neighbours.SETTINGS).send(ORDER).thenApply(answer -> AnswerDeadline.current());
        end.countDown();

        assertThat(left.toCompletableFuture().get(30, TimeUnit.SECONDS)).contains(deadline);
    }

    @Test
    void nobodyIsHeldUpWhileItIsUnderWay() throws Exception {
        var end = new CountDownLatch(1);
        ownedBy(
                neighbours.peer("b", exchange -> {
                    await(end);
                    Neighbours.answer(exchange, 204, "text/plain", "");
                }),
                3);

        CompletableFuture<Peers.Answer> answer =
                peers(Neighbours.SETTINGS).send(ORDER).toCompletableFuture();
        assertThat(answer).isNotDone();

        end.countDown();
        assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(204);
    }

    /// A turn may run twice.
    @Test
    void inATurnWhatChangesSomethingNeedsAName() throws Exception {
        ownedBy(neighbours.peer("b", created()), 3);
        Peers peers = peers(Neighbours.SETTINGS);
        var tenure = new Tenure(new RangeId(1), new Epoch(1), neighbours.me);
        var dispatcher = new Dispatcher(
                new DispatchSettings(10, 10, Duration.ofSeconds(1), Duration.ofHours(1), 10),
                unit -> CompletableFuture.completedFuture(new CommitResult.Committed()),
                () -> true,
                System::nanoTime,
                Thread.ofVirtual().factory(),
                task -> Thread.ofVirtual().start(task));
        dispatcher.register(Neighbours.DOMAIN, (key, writes) -> () -> "state");
        dispatcher.granted(Neighbours.DOMAIN, KeyRange.ALL, tenure);
        var key = new Key(Neighbours.DOMAIN, "ann");

        assertThatThrownBy(() -> dispatcher
                        .call(key, deadline, state -> peers.send(ORDER))
                        .get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(asked).isEmpty();
        dispatcher
                .call(key, deadline, state -> peers.send(ORDER.once("gift-7")))
                .get(30, TimeUnit.SECONDS)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(asked).hasSize(1);
        dispatcher.halt(new RangeId(1), "the test is over");
    }

    /// A peer without our secret takes nobody's word for a request id.
    @Test
    void withoutASecretItIsNamedAsAClientWouldNameIt() throws Exception {
        neighbours.close();
        neighbours = new Neighbours(Neighbours.settings(Map.of()));
        ownedBy(neighbours.peer("b", created()), 3);

        peers(Neighbours.settings(Map.of()))
                .send(ORDER.once("gift-7"))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);

        assertThat(asked.getFirst().headers().single("Idempotency-Key")).isEqualTo("gift-7");
    }

    @Test
    void theKeyStandsInThePathWhateverIsInIt() throws Exception {
        ownedBy(neighbours.peer("b", created()), 3);

        answer(Peers.get(Neighbours.DOMAIN, "jö e+1", "customers/{customer}/orders?limit=1"));

        assertThat(asked.getFirst().path()).isEqualTo("/api/customers/j%C3%B6%20e%2B1/orders");
    }

    @Test
    void whatCannotBeSentIsSaidAtOnce() {
        for (String path : List.of("", "customers", "/customers/{a}", "{a}", "customers/{a}/x/{b}", "customers/{a}#b"))
            assertThatThrownBy(() -> Peers.get(Neighbours.DOMAIN, "joe", path))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> answer(Peers.get("nowhere", "joe", "customers/{a}")))
                .hasMessageContaining("no such domain");
        assertThatThrownBy(() -> ORDER.once("")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
