package demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import plumb.testsupport.DurablePostgres;

/// Starts everything, keeps it going, and ends it on Ctrl-C.
public final class Demo {
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration SAY_SO = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(25);
    private static final int REPORT_SECONDS = 10;
    /// For somebody who waits for three servers to start on a laptop: decision 0027. Not for production.
    private static final List<String> JVM =
            List.of("-Xms128m", "-Xmx768m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", Instance.CARRIERS);

    /// Fast enough for somebody who looks on: what lies about is late after half a minute, however many are ordered.
    private static final Map<String, String> KITCHEN =
            Map.of("USUALPIZZA_PREPARATION", "PT30S", "USUALPIZZA_OVENS", "1000");

    private final DemoSettings settings;
    private final Progress progress = new Progress(System.out, System::nanoTime);
    /// Of admin, for this run; with a database that has an admin already, his own counts.
    private final String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random(12));

    /// Whoever wants to see one more starts it.
    private volatile @Nullable Instance spare;

    private final List<Instance> instances = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable DurablePostgres postgres;
    private @Nullable Pizzeria pizzeria;

    private Demo(DemoSettings settings) {
        this.settings = settings;
    }

    /// See the README.
    public static void main(String[] arguments) {
        Logger.getLogger("").setLevel(Level.WARNING); // Postgres tells every step of its start
        Demo demo;
        try {
            demo = new Demo(DemoSettings.fromProperties());
            demo.refuseTakenPorts();
            demo.refuseOneThatRuns();
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop"));
        // whoever started us is gone: nobody could press Ctrl-C any more
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> parent.onExit().thenRunAsync(() -> System.exit(0), Demo::aside));
        try {
            demo.run();
        } catch (IllegalStateException | UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuseTakenPorts() {
        for (int i = 0; i < settings.instances(); i++) {
            int port = settings.port() + i;
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                throw new IllegalStateException(
                        "Port " + port + " is in use. Choose others with -Dplumb.demo.port=… (the first of "
                                + settings.instances() + ")");
            }
        }
    }

    /// Else Ctrl-C here would end the servers of another demo, whose pid files are the same.
    private void refuseOneThatRuns() {
        for (int i = 1; i <= DemoSettings.MOST_INSTANCES; i++) {
            int number = i;
            Instance.pidIn(settings.directory(), number).ifPresent(pid -> {
                throw new IllegalStateException("instance-" + number + " of another demo in " + settings.directory()
                        + " still runs. End it first: kill " + pid);
            });
        }
    }

    private void run() throws InterruptedException {
        startInstances(databaseUrl());
        awaitReady();
        var regulars = new Pizzeria(instances, settings.customers());
        pizzeria = regulars;
        progress.say("creating " + settings.customers() + " customers");
        regulars.seed();
        if (settings.trickle() > 0) regulars.trickle(settings.trickle());
        progress.print(whereToLook(regulars.someone()));
        progress.print("plumb demo ready");
        report(regulars);
    }

    private String databaseUrl() {
        String existing = settings.jdbcUrl();
        if (existing != null) return existing;
        progress.say("starting Postgres (durable: fsync and synchronous_commit are on)");
        DurablePostgres started = DurablePostgres.startIn(
                settings.directory().resolve("postgres"), settings.directory().resolve("postgres.log"));
        postgres = started;
        write("postgres.pid", Long.toString(started.pid()));
        return started.createDatabase("plumb");
    }

    private void startInstances(String jdbcUrl) {
        progress.say("starting " + settings.instances() + " instances");
        Map<String, String> environment = DemoSettings.database(jdbcUrl, databaseEnvironment());
        environment.putAll(KITCHEN);
        environment.put("PLUMB_FORWARD_SECRETS", "demo:" + Base64.getEncoder().encodeToString(random(32)));
        environment.put("PLUMB_ADMIN_PASSWORD", password);
        environment.put("PLUMB_ADMIN_READONLY", "false"); // a demo is there to be played with
        write("admin.password", password);
        var setup = new Instance.Setup(settings.directory(), settings.war(), settings.server(), environment, JVM);
        for (int i = 1; i <= settings.instances(); i++)
            instances.add(Instance.prepare(setup, i, settings.port() + i - 1));
        instances.forEach(Instance::start);
        int one = settings.instances() + 1;
        if (one <= DemoSettings.MOST_INSTANCES) spare = Instance.prepare(setup, one, settings.port() + one - 1);
    }

    private static byte[] random(int bytes) {
        var drawn = new byte[bytes];
        new SecureRandom().nextBytes(drawn);
        return drawn;
    }

    /// Of an existing Postgres only: the one that we start has a user of its own.
    private Map<String, String> databaseEnvironment() {
        if (settings.jdbcUrl() != null) return System.getenv();
        return Map.of("PLUMB_JDBC_USER", DurablePostgres.USER, "PLUMB_JDBC_PASSWORD", "");
    }

    private void awaitReady() throws InterruptedException {
        long begun = System.nanoTime();
        long said = begun;
        for (long ready = 0, before = 0; ready < instances.size(); before = ready) {
            if (ended.await(250, TimeUnit.MILLISECONDS)) throw new InterruptedException();
            ready = instances.stream().filter(Instance::isReady).count();
            if (ready != before || System.nanoTime() - said > SAY_SO.toNanos()) {
                progress.say(ready + " of " + instances.size() + " instances serve");
                said = System.nanoTime();
            }
            for (Instance each : instances)
                if (each.process().isEmpty()
                        && System.nanoTime() - begun > Duration.ofSeconds(5).toNanos())
                    throw new IllegalStateException(each + " ended; see " + each.log());
            if (System.nanoTime() - begun > START.toNanos())
                throw new IllegalStateException("Not all instances serve after " + START.toSeconds() + " s; see "
                        + settings.directory() + "/*.log");
        }
    }

    private String whereToLook(UUID someone) {
        String first = "http://localhost:" + settings.port();
        String last = "http://localhost:" + (settings.port() + settings.instances() - 1);
        return """

                The leases:           %1$s/admin/leases.xhtml  as admin, password %5$s
                The menu:             curl %1$s/api/menu
                A regular:            curl -i %1$s/api/customers/%3$s
                The usual, please:    curl -i -X POST %2$s/api/customers/%3$s/orders
                Being made right now: curl %1$s/api/plumb/gauges/pizzas_in_preparation
                Who waits too long:   curl %2$s/api/escalations
                Who owns them:        curl %2$s/api/routes/customer/%3$s
                Kill an instance:     kill -9 $(cat %4$s/instance-1.pid)
                Start it again:       %4$s/instance-1.sh
                One more instance:    %4$s/instance-%6$d.sh
                Everything ends with Ctrl-C.
                """.formatted(first, last, someone, relative(settings.directory()), password, settings.instances() + 1);
    }

    private static Path relative(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    private void report(Pizzeria regulars) throws InterruptedException {
        while (!ended.await(REPORT_SECONDS, TimeUnit.SECONDS))
            if (settings.trickle() > 0) progress.say(regulars.answered() + " orders, " + regulars.failed() + " failed");
    }

    /// Also ends what was started by the scripts meanwhile.
    private void stop() {
        ended.countDown();
        Pizzeria regulars = pizzeria;
        if (regulars != null) regulars.close();
        List<Instance> all = new ArrayList<>(instances);
        Instance started = spare;
        if (started != null) all.add(started);
        List<Thread> stopping =
                all.stream().map(each -> aside(() -> each.stop(STOP))).toList();
        for (Thread each : stopping) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        DurablePostgres database = postgres;
        if (database != null) database.close();
    }

    /// Not on the common pool: that one is needed to hear of processes that end.
    private static Thread aside(Runnable task) {
        return Thread.ofPlatform().start(task);
    }

    private void write(String file, String text) {
        try {
            Files.createDirectories(settings.directory());
            Files.writeString(settings.directory().resolve(file), text + "\n");
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
