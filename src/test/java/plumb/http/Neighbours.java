package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;
import plumb.routing.Routes;

/// An instance's view of the others: servers that stand for them, over real connections, and the table that names them.
final class Neighbours implements AutoCloseable {
    static final String DOMAIN = "customer";
    static final HttpSettings SETTINGS = settings(Map.of("k", "0123456789abcdef".getBytes(UTF_8)));

    final Incarnation me = new Incarnation(UUID.randomUUID());
    final Routes routes = new Routes();
    final HttpStats stats = new HttpStats();
    final Gates gates = new Gates();
    final Forwarder forwarder;
    final SelfHop selfHop;
    final Steering steering;
    final AtomicInteger refreshes = new AtomicInteger();
    volatile Runnable onRefresh = () -> {};

    private final Map<Incarnation, InstanceRow> instances = new HashMap<>();
    private final Map<RangeId, RangeRow> ranges = new HashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private long version;

    Neighbours() {
        this(SETTINGS);
    }

    Neighbours(HttpSettings settings) {
        forwarder = new Forwarder(
                settings, new HopSigner(settings, InstantSource.system()), routes, stats, System::nanoTime, peer -> {});
        selfHop = new SelfHop(forwarder, gates);
        steering = new Steering(settings, routes, this::refresh, gates, forwarder, selfHop, stats, System::nanoTime);
        instances.put(me, row(me, "me", "http://127.0.0.1:1"));
    }

    static HttpSettings settings(Map<String, byte[]> secrets) {
        return new HttpSettings(
                "me",
                Duration.ofMillis(300),
                4,
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                4,
                8,
                1_024,
                4_096,
                HttpSettings.Routing.FORWARD,
                "",
                1,
                secrets);
    }

    interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    boolean refresh() {
        refreshes.incrementAndGet();
        onRefresh.run();
        return true;
    }

    /// This instance itself answers so when it is asked over HTTP.
    InstanceRow meAnswering(Answering answering) {
        InstanceRow row = row(me, "me", serve(answering));
        instances.put(me, row);
        return row;
    }

    Incarnation peer(String name, Answering answering) {
        var peer = new Incarnation(UUID.randomUUID());
        instances.put(peer, row(peer, name, serve(answering)));
        return peer;
    }

    private String serve(Answering answering) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(task -> Thread.ofVirtual().start(task));
            server.createContext("/", exchange -> {
                try (exchange) {
                    answering.answer(exchange);
                }
            });
            server.start();
            servers.add(server);
            return "http://127.0.0.1:" + server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InstanceRow row(Incarnation who, String name, String url) {
        return new InstanceRow(who, new InstanceInfo(name, url, url, "1"), InstanceRow.State.ALIVE, 0);
    }

    /// An owner's answer.
    static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Plumb-Owner", "peer");
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
    }

    /// The table has it so, from now on.
    synchronized void owns(@Nullable Incarnation owner, int range, KeyRange keys, long epoch) {
        version++;
        var row = new RangeRow(new RangeId(range), DOMAIN, keys, owner, new Epoch(epoch), null, version);
        ranges.put(row.range(), row);
        routes.publish(routes.current().with(me, new RangePage(List.copyOf(ranges.values()), version), instances));
    }

    @Override
    public void close() {
        forwarder.close();
        servers.forEach(server -> server.stop(0));
    }
}
