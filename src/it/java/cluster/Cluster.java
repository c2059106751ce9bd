package cluster;

import static org.awaitility.Awaitility.await;

import demo.Instance;
import demo.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import plumb.testsupport.DurablePostgres;

/// Three servers over a Postgres of their own. Started once and shared by the tests; each test begins with all three
/// serving ([#healthy]), whatever the one before has done to them, and with nothing on the move: balancing is paused,
/// unless the test wants it ([#balances]). They die with this JVM.
final class Cluster {
    static final byte[] SECRET =
            "a secret between the test's own instances".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    static final int SIZE = 3;
    static final Duration TTL = Duration.ofSeconds(5);

    /// `-Dplumb.it.balance=false`: ranges are spread by their number, not by the planner.
    static final boolean BY_LOAD = !"false".equals(System.getProperty("plumb.it.balance"));

    private static final int LEAST_SHARE = 3; // ranges; by load few may be as much as many

    /// More than a server has threads: they hold none.
    static final int WATCHERS = 450;

    /// Short times, so that a death is seen soon; few places, so that they can be filled.
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("PLUMB_LEASE_TTL", TTL.toSeconds() + "s"),
            Map.entry("PLUMB_LEASE_RENEW", "1s"),
            Map.entry("PLUMB_LEASE_MARGIN", "1100ms"),
            Map.entry("PLUMB_BALANCE_EVERY", "2s"),
            Map.entry("PLUMB_BALANCE_WARM", "2s"),
            Map.entry("PLUMB_BALANCE_ENABLED", Boolean.toString(BY_LOAD)),
            Map.entry("PLUMB_BALANCE_KEY_SPACE_PER_HOUR", "100000"),
            Map.entry("PLUMB_HANDLER_QUEUE", "8"),
            Map.entry("PLUMB_ROUTES_MAX_WAITING", Integer.toString(WATCHERS)),
            Map.entry("PLUMB_FORWARD_SECRETS", "k1:" + Base64.getEncoder().encodeToString(SECRET)),
            Map.entry("PLUMB_ADMIN_PASSWORD", Http.PASSWORD),
            Map.entry("PLUMB_ADMIN_READONLY", "false"));

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    static final Path WAR = Path.of(System.getProperty("plumb.it.war"));

    /// A process that has just begun computes its first hash of a password in slow code.
    static final Duration FIRST_LOGIN = Duration.ofSeconds(60);

    private static @Nullable Cluster shared;

    static { // a machine that stands still for a while breaks a request, and not the wait for what it asks
        Awaitility.ignoreExceptionsByDefaultMatching(IOException.class::isInstance);
    }

    private DurablePostgres postgres;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Wire> toPostgres = new ArrayList<>();
    private final List<Wire> fromPeers = new ArrayList<>();

    private Cluster(DurablePostgres postgres) {
        this.postgres = postgres;
    }

    /// All three serve, and each owns its share.
    static synchronized Cluster healthy() {
        Cluster cluster = shared;
        if (cluster == null) {
            cluster = start();
            shared = cluster;
        }
        cluster.heal();
        return cluster;
    }

    private static Cluster start() {
        DurablePostgres postgres = DurablePostgres.start();
        postgres.createDatabase("cluster");
        var cluster = new Cluster(postgres);
        int port = freePorts(SIZE);
        for (int i = 1; i <= SIZE; i++) cluster.add(i, port + i - 1);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::end));
        return cluster;
    }

    /// Clients come directly; Postgres and the peers are behind wires.
    private void add(int number, int port) {
        toPostgres.add(new Wire(postgres.port()));
        fromPeers.add(new Wire(port));
        instances.add(prepared(number, port, WAR, Map.of()));
    }

    private Instance prepared(int number, int port, Path war, Map<String, String> more) {
        var settings = new HashMap<>(SETTINGS);
        settings.put(
                "PLUMB_JDBC_URL",
                "jdbc:postgresql://localhost:" + toPostgres(number).port() + "/cluster");
        settings.put(
                "PLUMB_INSTANCE_URL", "http://127.0.0.1:" + fromPeers(number).port());
        settings.put("PLUMB_INSTANCE_PUBLIC_URL", "http://127.0.0.1:" + port);
        settings.putAll(more);
        var setup = new Instance.Setup(
                Path.of("target", "cluster"),
                war,
                Server.fromProperties("plumb.it"),
                settings,
                List.of("-Xms128m", "-Xmx512m", "-XX:TieredStopAtLevel=1", Instance.CARRIERS));
        return Instance.prepare(setup, number, port);
    }

    /// What that instance is from its next start on: another application, more in its environment. [#asUsual] takes it
    /// back.
    void equip(int number, Path war, Map<String, String> more) {
        prepared(number, instance(number).port(), war, more);
    }

    /// As [#equip], with the usual application and environment.
    void asUsual(int number) {
        equip(number, WAR, Map.of());
    }

    /// Every instance's way to Postgres leads there from now on. Whoever is left behind is the caller's to close.
    void failOver(DurablePostgres to) {
        postgres = to;
        toPostgres.forEach(wire -> wire.leadTo(to.port()));
    }

    /// The first of as many as are needed. Below those that the system gives to outgoing connections, else one of these
    /// might take the port of a server that is being restarted.
    static int freePorts(int many) {
        var random = new SplittableRandom();
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = random.nextInt(10_000, 30_000);
            if (IntStream.range(first, first + many).allMatch(Cluster::isFree)) return first;
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private void end() {
        instances.forEach(instance -> instance.signal("KILL"));
        postgres.close();
        toPostgres.forEach(Wire::close);
        fromPeers.forEach(Wire::close);
    }

    private void heal() {
        toPostgres.forEach(Wire::flow);
        fromPeers.forEach(Wire::flow);
        for (Instance instance : instances) {
            instance.signal("CONT");
            if (instance.process().isEmpty()) instance.start();
            else takeBack(instance, "drain");
        }
        await("all instances serve")
                .atMost(PATIENCE)
                .until(() -> instances.stream().allMatch(Instance::isReady));
        if (!isBalanced()) balances();
        await("everybody has a share").atMost(PATIENCE).until(this::isBalanced);
        rests();
        for (Instance instance : instances) knowsAdmin(instance);
    }

    /// From then on an admin's requests take no longer than others'.
    static void knowsAdmin(Instance instance) {
        await("first login at " + instance)
                .atMost(PATIENCE)
                .until(() ->
                        Http.send(Http.request(instance, "/api/plumb/balance").timeout(FIRST_LOGIN))
                                        .status()
                                == 200);
    }

    /// Ranges are balanced from now on, until the next test begins.
    void balances() {
        takeBack(instances.getFirst(), "balance/pause");
    }

    /// Nothing moves but what the test moves.
    private void rests() {
        await("balancing is paused").atMost(PATIENCE).until(() -> {
            var pause = Http.request(instances.getFirst(), "/api/plumb/balance/pause")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("{\"reason\":\"a test moves ranges itself\"}"));
            return Http.send(pause).status() == 204 && !isInARound() && wished() == 0;
        });
    }

    /// Of balancing: it holds its lock for a minute, and then for two seconds at most.
    private boolean isInARound() {
        return longs("select count(*) from plumb.shedlock"
                                + " where name = 'balance' and locked_at <= clock_timestamp()"
                                + " and lock_until > clock_timestamp() + interval '5 seconds'")
                        .getFirst()
                > 0;
    }

    /// How many ranges are to be moved, split or merged.
    long wished() {
        return longs("select count(*) from plumb.range_lease"
                        + " where target is not null or split_at is not null or merge_next")
                .getFirst();
    }

    /// What a test that ended early has left must not fail those that follow.
    private static void takeBack(Instance instance, String what) {
        try {
            Http.send(Http.request(instance, "/api/plumb/" + what).DELETE());
        } catch (IOException e) {
            // it is still starting, or stands still: then it is not drained
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nobody waits for his part any more. By load they need not have as many.
    private boolean isBalanced() {
        List<Long> shares = longs("""
                select count(r.range_id) from plumb.instance i left join plumb.range_lease r on r.owner = i.instance_id
                 where i.state = 'ALIVE' and i.lineage = plumb.lineage() group by i.instance_id order by 1""");
        return shares.size() == SIZE
                && (BY_LOAD ? shares.getFirst() >= LEAST_SHARE : shares.getLast() - shares.getFirst() <= 1)
                && shares.stream().mapToLong(Long::longValue).sum()
                        == longs("select count(*) from plumb.range_lease").getFirst();
    }

    List<Instance> instances() {
        return List.copyOf(instances);
    }

    Instance instance(int number) {
        return instances.get(number - 1);
    }

    Wire toPostgres(int number) {
        return toPostgres.get(number - 1);
    }

    /// On which the others reach that instance.
    Wire fromPeers(int number) {
        return fromPeers.get(number - 1);
    }

    /// By the name in `Plumb-Owner`.
    Instance named(String name) {
        return instances.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    DurablePostgres postgres() {
        return postgres;
    }

    /// How many ranges have been claimed so far: changed their owner without his doing.
    long takeovers() {
        return longs("select count(*) from plumb.lease_history where reason = 'claim'")
                .getFirst();
    }

    /// Every life that goes on.
    List<String> lives() {
        return strings("select instance_id from plumb.instance where state = 'ALIVE' order by 1");
    }

    /// The first column of every row.
    List<Long> longs(String sql) {
        return strings(sql).stream().map(Long::valueOf).toList();
    }

    List<String> strings(String sql) {
        return strings(postgres, sql);
    }

    /// As [#strings(String)], of another server's copy.
    static List<String> strings(DurablePostgres postgres, String sql) {
        try (Connection connection = postgres.connect("cluster");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (row.next()) values.add(row.getString(1));
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void execute(String sql) {
        try (Connection connection = postgres.connect("cluster");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
