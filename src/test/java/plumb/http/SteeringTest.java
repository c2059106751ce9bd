package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static plumb.http.HttpSettings.Routing.FORWARD;
import static plumb.http.HttpSettings.Routing.REDIRECT;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.Deadline;
import plumb.RequestId;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Where requests go, over real connections to servers that stand for the peers.
class SteeringTest {
    private static final Key KEY = new Key("customer", "joe");
    private static final RangeId RANGE = new RangeId(1);
    private static final Map<String, byte[]> SECRETS = Map.of("k", "0123456789abcdef".getBytes(UTF_8));
    private static final HttpSettings SETTINGS = settings(FORWARD);
    private static final String PUBLIC = "http://public-";

    private final Incarnation me = new Incarnation(UUID.randomUUID());
    private final Map<Incarnation, InstanceRow> instances = new HashMap<>();
    private final Routes routes = new Routes();
    private final Gates gates = new Gates();
    private final HttpStats stats = new HttpStats();
    private final Forwarder forwarder = new Forwarder(
            SETTINGS, new HopSigner(SETTINGS, InstantSource.system()), routes, stats, System::nanoTime, peer -> {});
    private final AtomicInteger refreshes = new AtomicInteger();
    private Runnable onRefresh = () -> {};
    private boolean databaseAnswers = true;
    private final Steering forwarding = steering(SETTINGS);
    private final Steering redirecting = steering(settings(REDIRECT));
    private Steering steering = forwarding;
    private final List<HttpServer> servers = new java.util.ArrayList<>();
    private long version;

    private static HttpSettings settings(HttpSettings.Routing routing) {
        return settings(routing, Duration.ofMillis(300));
    }

    private static HttpSettings settings(HttpSettings.Routing routing, Duration park) {
        return new HttpSettings(
                "me",
                park,
                4,
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                Duration.ofSeconds(10),
                4,
                4,
                1_024,
                4_096,
                routing,
                "http://public-me",
                4,
                SECRETS);
    }

    private Steering steering(HttpSettings settings) {
        return new Steering(
                settings,
                routes,
                () -> {
                    refreshes.incrementAndGet();
                    onRefresh.run();
                    return databaseAnswers;
                },
                gates,
                forwarder,
                new SelfHop(forwarder, gates),
                stats,
                System::nanoTime);
    }

    /// From now on requests wait for what is to happen, and it happens as soon as one waits.
    private Thread onceParked(HttpSettings.Routing routing, Runnable then) {
        Steering patient = steering(settings(routing, Duration.ofSeconds(20)));
        steering = patient;
        return Thread.ofVirtual().start(() -> {
            await().until(() -> patient.parked() != 0);
            then.run();
        });
    }

    SteeringTest() {
        instances.put(me, row(me, "me", "http://127.0.0.1:1"));
    }

    @AfterEach
    void end() {
        forwarder.close();
        servers.forEach(server -> server.stop(0));
    }

    private static InstanceRow row(Incarnation who, String name, String url) {
        return new InstanceRow(who, new InstanceInfo(name, url, PUBLIC + name, "1"), InstanceRow.State.ALIVE, 0);
    }

    private interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    /// A peer that answers so, and how often it was asked.
    private Incarnation peer(String name, AtomicInteger asked, Answering answering) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            answering.answer(exchange);
            exchange.close();
        });
        server.start();
        servers.add(server);
        var peer = new Incarnation(UUID.randomUUID());
        instances.put(
                peer, row(peer, name, "http://127.0.0.1:" + server.getAddress().getPort()));
        return peer;
    }

    private static Answering owner(int status) {
        return exchange -> {
            exchange.getResponseHeaders().set("Plumb-Owner", "peer");
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private static Answering server(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    private void ownedBy(@Nullable Incarnation owner) {
        version++;
        var range = new RangeRow(RANGE, "customer", KeyRange.ALL, owner, new Epoch(version), null, version);
        routes.publish(routes.current().with(me, new RangePage(List.of(range), version), instances));
    }

    private void held() {
        ownedBy(me);
        gates.granted(RANGE, new Epoch(version), KeyRange.ALL);
    }

    private Course steer(String method, boolean idempotent) {
        return steer(method, idempotent, null);
    }

    private Course steer(String method, boolean idempotent, @Nullable Hop hop) {
        return steer(method, idempotent, hop, null);
    }

    private Course steer(String method, boolean idempotent, @Nullable Hop hop, @Nullable String query) {
        var headers = new Headers();
        headers.set(RequestId.HEADER, "client:1");
        var request = new HopRequest(
                method,
                "/api/customers/joe",
                query,
                headers,
                "http",
                "127.0.0.1",
                new HopBody(new ByteArrayInputStream("body".getBytes(UTF_8)), 1_024));
        Deadline deadline = Deadline.in(Duration.ofSeconds(5), System.nanoTime());
        return steering.steer(new Arrival(KEY, request, deadline, hop, idempotent, true));
    }

    /// Asked, and said nothing.
    private Incarnation paused(AtomicInteger asked, CountDownLatch resumed) throws IOException {
        return peer("paused", asked, exchange -> {
            try {
                resumed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static int refused(Course course) {
        assertThat(course).isInstanceOf(Course.Refused.class);
        return ((Course.Refused) course).problem().status();
    }

    private static int relayed(Course course) {
        assertThat(course).isInstanceOf(Course.Relayed.class);
        return ((Course.Relayed) course).answer().status();
    }

    @Test
    void oursGoesOnHereAndHoldsADrainUp() {
        held();

        assertThat(steer("POST", true)).isInstanceOf(Course.Here.class);
        assertThat(gates.close(RANGE, new Epoch(version)).toCompletableFuture()).isNotDone();
    }

    /// The table is told by the database, and may know of a grant before this instance does.
    @Test
    void aRequestForARangeThatIsOursButNotHeldYetWaitsForTheGrant() throws Exception {
        ownedBy(me);
        Thread grant = onceParked(FORWARD, () -> gates.granted(RANGE, new Epoch(version), KeyRange.ALL));

        assertThat(steer("POST", true)).isInstanceOf(Course.Here.class);
        grant.join();
    }

    /// The range was split, its own part is granted already, and neither the other part is nor does the table know:
    /// else the dispatcher would say that nobody owns the key.
    @Test
    void aRequestForAPartThatWasSplitOffWaitsUntilTheTableKnows() throws Exception {
        held();
        long lo = KEY.slot().value();
        var rest = new RangeRow(RANGE, "customer", new KeyRange(0, lo), me, new Epoch(2), null, 2);
        var part = new RangeRow(new RangeId(8), "customer", new KeyRange(lo, Slot.SPACE), me, new Epoch(2), null, 2);
        gates.granted(RANGE, new Epoch(2), rest.keys());
        Thread split = onceParked(FORWARD, () -> {
            gates.granted(part.range(), part.epoch(), part.keys());
            routes.publish(routes.current().with(me, new RangePage(List.of(rest, part), 2), instances));
        });

        Course course = steer("POST", true);

        split.interrupt(); // if it did not wait
        split.join();
        assertThat(course)
                .isInstanceOfSatisfying(
                        Course.Here.class,
                        here -> assertThat(here.route().range()).isEqualTo(part.range()));
    }

    @Test
    void aRangeThatIsOursAndNeverGrantedEndsAs503() {
        ownedBy(me);

        assertThat(refused(steer("POST", true))).isEqualTo(503);
    }

    @Test
    void anothersIsAnsweredByItsOwner() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, owner(409)));

        assertThat(relayed(steer("POST", false))).isEqualTo(409);
        assertThat(asked).hasValue(1);
    }

    /// Else its owner would take the hop for an outsider's, and not believe the request id that keeps a repetition from
    /// being a second order.
    @Test
    void aPeerWhoseClockIsAnHourOffIsAlignedWithOnceAndServed() throws Exception {
        var clock = new HopSigner(SETTINGS, InstantSource.offset(InstantSource.system(), Duration.ofHours(1)));
        var asked = new AtomicInteger();
        var believed = new AtomicInteger();
        ownedBy(peer("b", asked, exchange -> {
            var headers = Headers.of(exchange.getRequestHeaders());
            try {
                var hop = Credentials.of(headers, exchange.getRequestMethod(), exchange.getRequestURI(), clock, stats);
                if (hop.trusted()) believed.incrementAndGet();
                owner(201).answer(exchange);
            } catch (ProblemException e) {
                e.problem().headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(e.problem().status(), -1);
            }
        }));

        for (int i = 0; i < 3; i++) assertThat(relayed(steer("POST", true))).isEqualTo(201);

        assertThat(believed).hasValue(3);
        assertThat(asked).as("one of them only told its clock").hasValue(4);
    }

    @Test
    void aPeerThatIsNeverSatisfiedWithOurClockEndsAs503() throws Exception {
        var asked = new AtomicInteger();
        var signer = new HopSigner(SETTINGS, InstantSource.system());
        ownedBy(peer("b", asked, exchange -> {
            var told = signer.tellClock(exchange.getRequestHeaders().getFirst(HopSigner.SIGNATURE));
            exchange.getResponseHeaders().set(HopSigner.INPUT, told.input());
            exchange.getResponseHeaders().set(HopSigner.SIGNATURE, told.signature());
            exchange.sendResponseHeaders(HopSigner.OUT_OF_TIME, -1);
        }));

        assertThat(refused(steer("POST", false))).isEqualTo(503);
        assertThat(asked.get()).isBetween(2, 50);
    }

    @Test
    void a425ThatIsTheDomainsOwnIsRelayed() throws Exception {
        ownedBy(peer("b", new AtomicInteger(), owner(425)));

        assertThat(relayed(steer("POST", false))).isEqualTo(425);
    }

    @Test
    void afterA421TheTableIsReadAndTheNewOwnerAsked() throws Exception {
        var wrong = new AtomicInteger();
        var right = new AtomicInteger();
        Incarnation b = peer("b", wrong, server(421));
        Incarnation c = peer("c", right, owner(201));
        ownedBy(b);
        onRefresh = () -> ownedBy(c);

        assertThat(relayed(steer("POST", false))).isEqualTo(201);
        assertThat(wrong).hasValue(1);
        assertThat(right).hasValue(1);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void a421ForEverBecomes503NotALoop() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, server(421)));

        assertThat(refused(steer("POST", false))).isEqualTo(503);
        assertThat(asked.get()).isBetween(1, 50);
    }

    @Test
    void anErrorPageOfAServerWithoutTheApplicationIsNotAnOwnersAnswer() throws Exception {
        for (int status : new int[] {404, 503}) {
            Incarnation b = peer("b", new AtomicInteger(), server(status));
            ownedBy(b);
            assertThat(refused(steer("POST", false)))
                    .as("not applied, tried again in vain")
                    .isEqualTo(503);
        }
        assertThat(stats.count(HopFailure.ABSENT)).isPositive();
    }

    @Test
    void whatMayHaveBeenAppliedIsNotRepeatedWithoutAnId() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, server(500)));

        assertThat(refused(steer("POST", false))).isIn(502, 504);
        assertThat(asked).as("once").hasValue(1);
    }

    @Test
    void whatMayHaveBeenAppliedIsRepeatedOnceIfTheDomainEnforcesItsId() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, exchange -> (asked.get() == 1 ? server(500) : owner(200)).answer(exchange)));

        assertThat(relayed(steer("POST", true))).isEqualTo(200);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aReadIsRepeated() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, exchange -> (asked.get() == 1 ? server(500) : owner(200)).answer(exchange)));

        assertThat(relayed(steer("GET", false))).isEqualTo(200);
    }

    /// A paused machine: it takes the request and says nothing.
    @Test
    void aHopToAnOwnerThatIsFoundDeadIsAbandonedAndItsRequestRepeatedAtTheNextOwner() throws Exception {
        var asked = new AtomicInteger();
        var resumed = new CountDownLatch(1);
        Incarnation paused = paused(asked, resumed);
        ownedBy(paused);

        CompletableFuture<Course> course = supplyAsync(() -> steer("POST", true));
        await().until(() -> asked.get() == 1);
        Incarnation next = peer("next", asked, owner(201));
        instances.remove(paused);
        ownedBy(next);
        assertThat(relayed(course.get(30, TimeUnit.SECONDS))).isEqualTo(201);
        assertThat(asked).hasValue(2);
        assertThat(stats.count(HopFailure.ABANDONED)).isOne();
        resumed.countDown();
    }

    @Test
    void anAbandonedHopWithoutAnIdEndsAsUnknown() throws Exception {
        var asked = new AtomicInteger();
        var resumed = new CountDownLatch(1);
        Incarnation paused = paused(asked, resumed);
        ownedBy(paused);

        CompletableFuture<Course> course = supplyAsync(() -> steer("POST", false));
        await().until(() -> asked.get() == 1);
        instances.remove(paused);
        ownedBy(null);
        assertThat(course.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Course.Refused.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo("outcome-unknown"));
        resumed.countDown();
    }

    @Test
    void whoeverOwnsNothingIsWaitedForAndThenSaidToBeNobody() {
        ownedBy(null);

        assertThat(refused(steer("POST", true))).isEqualTo(503);
        assertThat(stats.count(HttpStats.Outcome.PARKED)).isPositive();
    }

    @Test
    void aRequestThatWaitsGoesOnWhenTheRangeIsClaimed() throws Exception {
        ownedBy(null);
        Thread claim = onceParked(FORWARD, this::held);

        assertThat(steer("POST", true)).isInstanceOf(Course.Here.class);
        claim.join();
    }

    @Test
    void aHopForSomebodyElsesKeyIsMisdirectedAndNeverForwardedAgain() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, owner(200)));

        assertThat(refused(steer("POST", true, new Hop("c", new Epoch(version)))))
                .isEqualTo(421);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aHopOfANewerEpochMakesUsLookFirst() {
        held();
        onRefresh = this::held;

        assertThat(steer("POST", true, new Hop("c", new Epoch(version + 1)))).isInstanceOf(Course.Here.class);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void aRequestWaitsAtAClosedGate() throws Exception {
        held();
        gates.close(RANGE, new Epoch(version));

        assertThat(refused(steer("POST", true))).isEqualTo(503);
    }

    @Test
    void whereClientsAreRedirectedTheyAreToldTheOwnersPublicAddressWithPathAndQuery() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, owner(200)));
        steering = redirecting;

        assertThat(steer("POST", false, null, "a=%20b&c")).isInstanceOfSatisfying(Course.Redirected.class, to -> {
            assertThat(to.location()).isEqualTo("http://public-b/api/customers/joe?a=%20b&c");
            assertThat(to.to().epoch()).isEqualTo(new Epoch(version));
        });
        assertThat(asked).hasValue(0);
        assertThat(stats.count(HttpStats.Outcome.REDIRECTED)).isOne();
    }

    /// Else two instances whose tables are of different age send a client to and fro.
    @Test
    void aRedirectIsOfALookThatBeganAfterTheRequestArrived() throws Exception {
        Incarnation b = peer("b", new AtomicInteger(), owner(200));
        Incarnation c = peer("c", new AtomicInteger(), owner(200));
        ownedBy(b);
        onRefresh = () -> ownedBy(c);
        steering = redirecting;

        assertThat(steer("GET", false))
                .isInstanceOfSatisfying(
                        Course.Redirected.class, to -> assertThat(to.location()).startsWith("http://public-c/"));
        onRefresh = this::held;
        assertThat(steer("GET", false)).as("ours meanwhile").isInstanceOf(Course.Here.class);
    }

    @Test
    void whatCannotBeLookedUpIsForwardedNotRedirected() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("b", asked, owner(201)));
        databaseAnswers = false;
        steering = redirecting;

        assertThat(relayed(steer("POST", false))).isEqualTo(201);
        assertThat(asked).hasValue(1);
    }

    /// Its former life is not known to be dead yet.
    @Test
    void nobodyIsRedirectedToTheAddressWhereHeIs() throws Exception {
        var asked = new AtomicInteger();
        ownedBy(peer("me", asked, server(421)));
        steering = redirecting;

        assertThat(refused(steer("POST", false))).isEqualTo(503);
        assertThat(asked.get()).isPositive();
    }

    @Test
    void aHopIsNeverRedirected() throws Exception {
        ownedBy(peer("b", new AtomicInteger(), owner(200)));
        steering = redirecting;

        assertThat(refused(steer("POST", true, new Hop("c", new Epoch(version)))))
                .isEqualTo(421);
    }

    /// The client could not repeat it under the id that was minted here.
    @Test
    void whatMayHaveBeenAppliedIsNotRedirected() throws Exception {
        var asked = new AtomicInteger();
        Incarnation b = peer("b", asked, exchange -> (asked.get() == 1 ? server(500) : owner(200)).answer(exchange));
        ownedBy(b);
        databaseAnswers = false;
        onRefresh = () -> databaseAnswers = asked.get() > 0;
        steering = redirecting;

        assertThat(relayed(steer("POST", true))).isEqualTo(200);
        assertThat(asked).hasValue(2);
    }

    @Test
    void whereClientsAreRedirectedARangeWithoutAnOwnerIsWaitedForAllTheSame() throws Exception {
        ownedBy(null);
        Incarnation b = peer("b", new AtomicInteger(), owner(200));
        Thread claim = onceParked(REDIRECT, () -> ownedBy(b));

        assertThat(steer("POST", true)).isInstanceOf(Course.Redirected.class);
        claim.join();
    }

    @Test
    void aTableIsNeeded() {
        assertThat(RoutingTable.empty().domains()).isEmpty();
        assertThat(refused(steer("POST", true))).isEqualTo(503);
    }
}
