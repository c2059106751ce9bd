package plumb.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import plumb.Deadline;
import plumb.Handler;
import plumb.access.AccessSettings;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Progress;
import plumb.dispatch.QuarantineSettings;
import plumb.http.HttpSettings;
import plumb.keyspace.Domains;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyType;
import plumb.keyspace.RangeId;
import plumb.ownership.Lease;
import plumb.ownership.Ownership;
import plumb.testsupport.DurablePostgres;

/// Every part of one instance as the WAR ties them together; requests come by method call.
final class WiredInstance implements AutoCloseable {
    static final String DOMAIN = "customer";

    private final ExecutorService container = Executors.newCachedThreadPool();
    final Wiring wiring;
    private final Lifecycle lifecycle;

    private static DataSource database(String url) {
        var database = new PGSimpleDataSource();
        database.setURL(url);
        database.setUser(DurablePostgres.USER);
        return database;
    }

    /// Begins to serve what it can get.
    WiredInstance(String name, String jdbcUrl, Handler.Factory<?> handlers) {
        this(name, jdbcUrl, handlers, 256);
    }

    /// @param turn requests that one turn takes
    WiredInstance(String name, String jdbcUrl, Handler.Factory<?> handlers, int turn) {
        this(name, jdbcUrl, handlers, turn, database(jdbcUrl));
    }

    /// @param pool gives the connections that loads read over
    WiredInstance(String name, String jdbcUrl, Handler.Factory<?> handlers, int turn, DataSource pool) {
        var threads = new Threads(WiredInstance.class.getClassLoader());
        wiring = new Wiring(
                settings(name, jdbcUrl, turn),
                new Domains(Map.of(DOMAIN, KeyType.STRING)),
                "test",
                threads,
                container,
                pool);
        wiring.dispatcher.register(DOMAIN, handlers);
        lifecycle = new Lifecycle(wiring, threads);
        lifecycle.start(List.of("plumb"), Repertoire.NOTHING);
        wiring.keeper.open(); // it would wait for its own HTTP for ever
    }

    private static Settings settings(String name, String jdbcUrl, int turn) {
        return new Settings(
                name,
                "http://127.0.0.1:1",
                "http://127.0.0.1:1",
                new Settings.Jdbc(jdbcUrl, DurablePostgres.USER, ""),
                1, // range: whoever claims has it all
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofMillis(1_100),
                Settings.Takeover.STRICT,
                new Ownership.Leased(true),
                BalanceSettings.off(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                8,
                new DispatchSettings(256, turn, Duration.ofSeconds(1), Duration.ofMinutes(10), 1_000),
                85,
                new QuarantineSettings(10, Duration.ofMinutes(1)),
                Path.of("target"),
                8,
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                Duration.ofSeconds(10),
                8,
                8,
                HttpSettings.Routing.FORWARD,
                8,
                Map.of(),
                1_024,
                new AccessSettings(false, true, AccessSettings.Auth.FORM, null),
                Duration.ofHours(1),
                Duration.ofDays(90),
                Duration.ofDays(1),
                Duration.ofMillis(200),
                true);
    }

    <T, R> CompletableFuture<R> call(String key, Function<T, R> request) {
        Deadline deadline = Deadline.in(Duration.ofMinutes(2), System.nanoTime());
        return wiring.dispatcher.call(new Key(DOMAIN, key), deadline, request);
    }

    /// And runs requests of it.
    boolean owns(String key) {
        Set<RangeId> served =
                wiring.dispatcher.progress().stream().map(Progress::range).collect(Collectors.toSet());
        return leases().stream()
                .anyMatch(
                        lease -> lease.keys().contains(new Key(DOMAIN, key).slot()) && served.contains(lease.range()));
    }

    /// Its life that owns the key.
    Optional<Incarnation> lifeThatOwns(String key) {
        return leases().stream()
                .filter(lease -> lease.keys().contains(new Key(DOMAIN, key).slot()))
                .map(lease -> lease.tenure().owner())
                .findFirst();
    }

    List<Lease> leases() {
        return wiring.keeper.leases();
    }

    Incarnation incarnation() {
        return wiring.keeper.incarnation().orElseThrow();
    }

    boolean isRegistered() {
        return wiring.keeper.incarnation().isPresent();
    }

    /// Its life that goes on has that name.
    boolean isNow(String incarnation) {
        return wiring.keeper.incarnation().map(Incarnation::toString).equals(Optional.of(incarnation));
    }

    /// Says that this incarnation is dead, whatever it says itself. False: not now; it may have no life itself.
    boolean buries(Incarnation victim) {
        return wiring.tables
                .leases
                .instance(victim)
                .flatMap(row -> wiring.keeper
                        .incarnation()
                        .map(me -> wiring.tables.leases.declareDead(me, victim, row.heartbeat())))
                .orElse(false);
    }

    @Override
    public void close() {
        lifecycle.stop();
        container.shutdownNow();
    }
}
