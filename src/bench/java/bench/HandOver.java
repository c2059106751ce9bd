package bench;

import demo.Instance;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Slot;
import plumb.testsupport.DurablePostgres;

/// What clients feel of a planned move: one range with a thousand live customers goes to and fro under a steady load of
/// these customers' orders. Before each move all of them are live at the owner, and there is a calm second.
final class HandOver {
    private static final System.Logger LOG = System.getLogger(HandOver.class.getName());
    private static final int LIVE = 1_000;
    private static final int CUSTOMERS = 1_020; // a state that was discarded is loaded again when its customer orders
    private static final int CLIENTS = 256;
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
    static final String ADMIN = "Basic "
            + Base64.getEncoder().encodeToString(("admin:" + Servers.PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Connection connection;
    private final Servers servers;
    private final Load load;
    private final Consumer<String> out;
    private final int range;
    private final List<UUID> customers = new ArrayList<>();
    private final Queue<HandOverReport.Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<HandOverReport.Sight> sights = new ConcurrentLinkedQueue<>();

    HandOver(DurablePostgres postgres, Servers servers, Load load, Consumer<String> out) throws Exception {
        this.connection = postgres.connect("bench"); // ends with the database
        this.servers = servers;
        this.load = load;
        this.out = out;
        // of whoever has most: to and fro never makes a difference of two, which would be balanced
        long[] chosen = row("""
                select range_id, lo, hi from plumb.range_lease r
                 order by (select count(*) from plumb.range_lease other where other.owner = r.owner) desc, lo limit 1""");
        this.range = (int) chosen[0];
        while (customers.size() < CUSTOMERS) {
            UUID drawn = UUID.randomUUID();
            long slot = Slot.of(drawn.toString()).value();
            if (chosen[1] <= slot && slot < chosen[2]) customers.add(drawn);
        }
    }

    /// @param rate orders per second
    /// @param warmUp of servers and clients, under the same load
    void run(int times, double rate, Duration warmUp) throws Exception {
        seed();
        load.open(rate, CLIENTS, warmUp, this::order);
        List<Thread> watches = servers.instances().stream()
                .map(each -> Thread.ofPlatform().daemon().start(() -> watch(each)))
                .toList();
        Thread steady = Thread.ofPlatform().daemon().start(() -> steadily(rate));
        var moves = new ArrayList<HandOverReport.Move>();
        for (int i = 0; i < times; i++) moves.add(move());
        awaitAllLive(owner());
        Thread.sleep(CALM);
        steady.interrupt();
        steady.join();
        watches.forEach(Thread::interrupt);
        new HandOverReport(rate, servers.instances().size(), moves, List.copyOf(answers), List.copyOf(sights)).say(out);
    }

    private void seed() throws InterruptedException {
        load.each(customers, customer -> Regulars.put(servers, customer));
    }

    /// Through any instance, without a key: nobody repeats it.
    private HttpUriRequestBase order(ThreadLocalRandom random) {
        List<Instance> doors = servers.instances();
        return new HttpPost(doors.get(random.nextInt(doors.size())).url() + "/api/customers/"
                + customers.get(random.nextInt(CUSTOMERS)) + "/orders");
    }

    private void steadily(double rate) {
        try {
            load.open(
                    rate,
                    CLIENTS,
                    Duration.ofDays(1),
                    this::order,
                    (due, done, epoch) -> answers.add(new HandOverReport.Answer(due, done, epoch)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    /// Notes when an instance's table shows a version: asks for the next one, and is answered when it is there.
    private void watch(Instance at) {
        String tag = "";
        while (!Thread.currentThread().isInterrupted()) {
            var request = HttpRequest.newBuilder(URI.create(at.url() + "/api/routes/customer?wait=PT20S"));
            if (!tag.isEmpty()) request.header("If-None-Match", tag);
            try {
                HttpResponse<Void> answer = HTTP.send(request.build(), BodyHandlers.discarding());
                if (answer.statusCode() != 200) continue;
                tag = answer.headers().firstValue("ETag").orElseThrow();
                sights.add(
                        new HandOverReport.Sight(at.name(), Long.parseLong(tag.replace("\"", "")), System.nanoTime()));
            } catch (java.io.IOException e) {
                LOG.log(System.Logger.Level.WARNING, "a watcher of " + at + " failed", e);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HandOverReport.Move move() throws Exception {
        Instance owner = owner();
        awaitAllLive(owner);
        long calm = System.nanoTime();
        Thread.sleep(CALM);
        Instance target = servers.instances().get(owner == servers.instances().getFirst() ? 1 : 0);
        long wished = System.nanoTime();
        HttpRequest wish = HttpRequest.newBuilder(URI.create(owner.url() + "/api/plumb/ranges/" + range + "/move"))
                .header("If-Match", "*")
                .header("Authorization", ADMIN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"to\":\"" + target.name() + "\",\"reason\":\"measured\"}"))
                .build();
        HttpResponse<String> answer = HTTP.send(wish, BodyHandlers.ofString());
        if (answer.statusCode() != 202) throw new IllegalStateException(answer.body());
        while (owner() != target) {
            if (System.nanoTime() - wished > PATIENCE_NANOS) throw new IllegalStateException("it did not move");
            Thread.sleep(20);
        }
        // the server's clock is this machine's, so its distance to now is exact
        long[] flip = row("select v, epoch, (extract(epoch from clock_timestamp() - at) * 1e9)::bigint"
                + " from plumb.lease_history where range_id = " + range + " order by epoch desc limit 1");
        long flipped = System.nanoTime() - flip[2];
        awaitAllLive(target);
        return new HandOverReport.Move(calm, wished, flipped, flip[0], flip[1], System.nanoTime());
    }

    private void awaitAllLive(Instance owner) throws Exception {
        long begun = System.nanoTime();
        while (Servers.value(owner, "plumb_handler_active") < LIVE) {
            if (System.nanoTime() - begun > PATIENCE_NANOS)
                throw new IllegalStateException("live at " + owner + " are only "
                        + Servers.value(owner, "plumb_handler_active")
                        + " customers after " + answers.size() + " answers, of which "
                        + answers.stream().filter(answer -> answer.epoch() == 0).count() + " failed");
            Thread.sleep(100);
        }
    }

    private Instance owner() throws Exception {
        String name = text("select i.name from plumb.range_lease r join plumb.instance i on i.instance_id = r.owner"
                + " where r.range_id = " + range);
        return servers.instances().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private @Nullable String text(String sql) throws Exception {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private long[] row(String sql) throws Exception {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            var values = new long[row.getMetaData().getColumnCount()];
            for (int i = 0; i < values.length; i++) values[i] = row.getLong(i + 1);
            return values;
        }
    }
}
