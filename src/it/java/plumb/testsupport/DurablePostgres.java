package plumb.testsupport;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real Postgres that keeps what it committed, for tests that are about exactly that, and for the demo. The embedded
/// one's own defaults do not: they switch fsync off. One server per test JVM ([#shared]) with a fresh database per test
/// class. It does not outlive this JVM, however that ends.
public final class DurablePostgres implements AutoCloseable {
    /// The superuser; it needs no password.
    public static final String USER = "postgres";

    private static final Map<String, String> DURABLE = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "track_commit_timestamp", "on");

    private static final int CONNECTIONS = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static @Nullable DurablePostgres shared;

    private final Path directory;
    private final @Nullable Path log;
    private final int connections;
    private final Process guard;
    private EmbeddedPostgres server;

    private DurablePostgres(Path directory, @Nullable Path log, int connections) {
        this.directory = directory;
        this.log = log;
        this.connections = connections;
        this.guard = guard(data());
        this.server = started(0);
        DURABLE.forEach(this::verify);
    }

    /// The one of this JVM, started at the first call, stopped at the JVM's end.
    public static synchronized DurablePostgres shared() {
        DurablePostgres running = shared;
        if (running == null) {
            running = start();
            shared = running;
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        }
        return running;
    }

    /// A server of its own, for a test that breaks it. Close it.
    public static DurablePostgres start() {
        return startFor(CONNECTIONS);
    }

    /// As [#start].
    ///
    /// @param connections so many at once
    public static DurablePostgres startFor(int connections) {
        try {
            return new DurablePostgres(Files.createTempDirectory("plumb-postgres-"), null, connections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As [#start], in a directory that people can find, which is emptied first.
    ///
    /// @param log what the server has to say
    public static DurablePostgres startIn(Path directory, Path log) {
        try {
            if (Files.exists(directory)) delete(directory);
            Files.createDirectories(directory);
            Files.deleteIfExists(log);
            return new DurablePostgres(directory, log, CONNECTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A replica of this server, which follows it until it is [promoted][#promote] or [cut off][#cutOff]. Close it.
    public DurablePostgres standby() {
        try {
            return standbyIn(Files.createTempDirectory("plumb-standby-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As [#standby], in that directory.
    public DurablePostgres standbyIn(Path copy) {
        try (Connection backup = connect("postgres");
                Statement statement = backup.createStatement()) {
            forgetStandby();
            statement.execute("select pg_create_physical_replication_slot('standby', true)");
            statement.execute("select pg_backup_start('standby', true)");
            copy(data(), copy.resolve("data"));
            try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                row.next();
                Files.writeString(copy.resolve("data").resolve("backup_label"), row.getString(1));
            }
            Files.createFile(copy.resolve("data").resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("data").resolve("postgresql.auto.conf"),
                    "primary_conninfo = '" + asStandby() + "'\nprimary_slot_name = 'standby'\n");
            return new DurablePostgres(copy, null, connections);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("no standby", e);
        }
    }

    /// Keeps no log any more for a standby that has gone its own way.
    public void forgetStandby() {
        execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
    }

    /// A server that runs: what changes meanwhile comes with its log.
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = from.relativize(file).toString();
                if (name.startsWith("postmaster.") || name.startsWith("pg_replslot/")) continue;
                Path target = to.resolve(name);
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else if (Files.exists(file)) Files.copy(file, target);
            }
        }
        try (Stream<Path> files = Files.walk(to)) {
            for (Path each : (Iterable<Path>) files::iterator)
                if (Files.isDirectory(each))
                    Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /// How its standby connects to it.
    private String asStandby() {
        return "host=127.0.0.1 port=" + port() + " user=" + USER + " application_name=standby";
    }

    /// Of a standby: from now on it learns of nothing any more. Blocks until its receiver has ended, which may have
    /// been about to confirm something.
    public void cutOff() {
        set("primary_conninfo", "");
        await("nothing is received any more").atMost(PATIENCE).until(() -> !isReceiving());
    }

    private boolean isReceiving() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select from pg_stat_wal_receiver")) {
            return row.next();
        }
    }

    /// Of a standby that was cut off: it catches up.
    public void follow(DurablePostgres primary) {
        set("primary_conninfo", primary.asStandby());
    }

    /// From now on no commit is acknowledged before the standby has it. Blocks until the standby is there.
    public void synchronise() {
        set("synchronous_standby_names", "standby");
        await("the standby is synchronous").atMost(PATIENCE).until(this::isSynchronous);
    }

    private boolean isSynchronous() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select from pg_stat_replication where sync_state = 'sync'")) {
            return row.next();
        }
    }

    private void set(String setting, String value) {
        execute("alter system set " + setting + " = '" + value + "'");
        execute("select pg_reload_conf()");
    }

    /// Of a standby: it becomes a primary, with a timeline of its own. Blocks until it takes writes.
    public void promote() {
        execute("select pg_promote(true, 60)");
    }

    /// Waits for the end of this JVM, at which its input closes, and then ends the server: nothing else would, because
    /// Postgres makes itself a daemon. In a session of its own, so that Ctrl-C does not end it first.
    private static Process guard(Path data) {
        String wait = """
                read -r nothing
                pid=$(head -n 1 "$0/postmaster.pid") && grep -qaF -- "$0" "/proc/$pid/cmdline" && kill -INT "$pid"
                """;
        try {
            return new ProcessBuilder("setsid", "sh", "-c", wait, data.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("setsid (util-linux) is needed", e);
        }
    }

    private EmbeddedPostgres started(int port) {
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(PATIENCE);
        DURABLE.forEach(builder::setServerConfig);
        builder.setServerConfig("max_connections", Integer.toString(connections));
        if (port != 0) builder.setPort(port);
        if (log != null) {
            var append = ProcessBuilder.Redirect.appendTo(log.toFile());
            builder.setOutputRedirector(append).setErrorRedirector(append);
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An empty database of that name; whatever was there is dropped.
    ///
    /// @return its JDBC URL, without credentials
    public String createDatabase(String name) {
        execute("drop database if exists " + name + " with (force)");
        execute("create database " + name);
        return url(name);
    }

    /// The JDBC URL of a database, without credentials.
    public String url(String database) {
        return "jdbc:postgresql://localhost:" + port() + "/" + database;
    }

    /// Stays the same over restarts.
    public synchronized int port() {
        return server.getPort();
    }

    /// The process id of the server.
    public synchronized long pid() {
        try {
            return Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A superuser's connection, in autocommit mode.
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, "");
    }

    /// Stops the server, cutting every connection. [#restart] brings it back.
    public synchronized void stop() {
        try {
            server.close(); // gives up after five seconds, and its successor would find that it still runs
            await("it ends").atMost(PATIENCE).until(() -> !Files.exists(data().resolve("postmaster.pid")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops the server if it runs, and starts it on the same data and port.
    public synchronized void restart() {
        int port = server.getPort();
        stop();
        server = started(port);
    }

    /// As [#restart], with more in the environment of the server's processes.
    public synchronized void restart(Map<String, String> more) {
        try {
            Path postgres = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid()), "exe"));
            var command = new ArrayList<String>();
            if (System.getProperty("user.name").equals("root")) command.addAll(List.of("unshare", "-U")); // it insists
            command.add(postgres.resolveSibling("pg_ctl").toString());
            command.addAll(List.of("restart", "-w", "-m", "fast", "-D", data().toString()));
            var restart = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("restart.log").toFile());
            restart.environment().putAll(more);
            int status = restart.start().waitFor();
            if (status != 0) throw new IllegalStateException(Files.readString(directory.resolve("restart.log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the server without any farewell: what it has not sent to a standby by now, the standby will never know.
    public synchronized void crash() {
        ProcessHandle server = ProcessHandle.of(pid()).orElseThrow();
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(server.pid()))
                    .start()
                    .waitFor();
            server.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// False: it has ended, by itself or not.
    public synchronized boolean isRunning() {
        try {
            return ProcessHandle.of(pid()).filter(ProcessHandle::isAlive).isPresent();
        } catch (UncheckedIOException e) {
            return false; // it has taken its file away
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    /// Runs one statement in the database `postgres`.
    public void execute(String sql) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void verify(String setting, String expected) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + setting)) {
            row.next();
            if (!row.getString(1).equals(expected))
                throw new IllegalStateException(setting + " is " + row.getString(1) + ", not " + expected);
        } catch (SQLException e) {
            throw new IllegalStateException("show " + setting, e);
        }
    }

    @Override
    public synchronized void close() {
        stop();
        guard.destroy();
        delete(directory);
    }

    /// Also while somebody else takes files away: a process that ends removes its own.
    private static void delete(Path path) {
        File[] inside = Files.isSymbolicLink(path) ? null : path.toFile().listFiles();
        if (inside != null) for (File each : inside) delete(each.toPath());
        path.toFile().delete();
    }
}
