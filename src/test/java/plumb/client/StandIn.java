package plumb.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An instance as a client sees it, one of several over the same [Map]: has a routing table with long-poll, serves what
/// it owns, forwards the rest.
final class StandIn implements AutoCloseable {
    /// Who owns the two halves of the key space.
    static final class Map {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private long version;
        private StandIn low;
        private StandIn high;
        volatile long claimed; // the epoch of both

        void owners(StandIn newLow, StandIn newHigh) {
            lock.lock();
            try {
                version++;
                claimed = version;
                low = newLow;
                high = newHigh;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private String table() {
            return """
                    {"domain":"n","function":1,"keys":"LONG","version":%d,"ranges":[
                     {"range":1,"lo":0,"hi":2147483648,"owner":%s,"epoch":%d},
                     {"range":2,"lo":2147483648,"hi":4294967296,"owner":%s,"epoch":%d}]}""".formatted(version, low.json(), version, high.json(), version);
        }
    }

    private final Map map;
    private final String name;
    private final HttpServer server;
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> polls = new CopyOnWriteArrayList<>();
    volatile Answering answering = this::serve;
    /// What it says of the table; an old one.
    volatile boolean deaf;

    interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    StandIn(Map map, String name) throws IOException {
        this.map = map;
        this.name = name;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/api/routes/n", this::routes);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getRequestBody().readAllBytes();
            try (exchange) {
                answering.answer(exchange);
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private String json() {
        return "{\"name\":\"%s\",\"url\":\"%s\"}".formatted(name, url());
    }

    private void routes(HttpExchange exchange) throws IOException {
        String seen = exchange.getRequestHeaders().getFirst("If-None-Match");
        boolean wait = exchange.getRequestURI().toString().contains("wait=PT20S");
        polls.add((wait ? "wait " : "now ") + seen);
        map.lock.lock();
        try {
            while (wait && (deaf || ("\"" + map.version + "\"").equals(seen))) map.changed.await();
            String tag = "\"" + map.version + "\"";
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(seen)) exchange.sendResponseHeaders(304, -1);
            else send(exchange, 200, map.table());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            map.lock.unlock();
            exchange.close();
        }
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// As an owner, or in the name of one.
    private void serve(HttpExchange exchange) throws IOException {
        long slot = plumb.keyspace.Slot.of(exchange.getRequestURI().getPath().replaceAll(".*/", ""))
                .value();
        map.lock.lock();
        StandIn owner = slot < 2_147_483_648L ? map.low : map.high;
        map.lock.unlock();
        exchange.getResponseHeaders().set("Plumb-Owner", owner.name);
        exchange.getResponseHeaders().set("Plumb-Epoch", Long.toString(map.claimed));
        if (owner != this) exchange.getResponseHeaders().set("Via", "1.1 " + name);
        send(exchange, 200, name);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
