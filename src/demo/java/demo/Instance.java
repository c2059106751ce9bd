package demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// One application server with the WAR in a process of its own, started by a script that people can run too:
/// `instance-N.sh` and, beside it, `instance-N.{env,pid,log}`. A server started by this program dies with it; one
/// started by the script alone lives until somebody ends it.
public final class Instance {
    /// Whatever the server: see server-config/payara/README.md.
    public static final String CARRIERS = "-Djdk.virtualThreadScheduler.parallelism=16";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final String name;
    private final int port;
    private final Path directory;

    private Instance(String name, int port, Path directory) {
        this.name = name;
        this.port = port;
        this.directory = directory;
    }

    /// What is the same for all instances.
    ///
    /// @param directory scripts, logs and the servers' files
    /// @param war the application
    /// @param server what runs it
    /// @param settings environment variables; secrets are among them, so they go to a file that only its owner reads
    /// @param jvm flags of the server's JVM
    public record Setup(Path directory, Path war, Server server, Map<String, String> settings, List<String> jvm) {}

    /// Writes the script. The server is not started yet.
    public static Instance prepare(Setup setup, int number, int port) {
        String name = nameOf(number);
        Path directory = setup.directory().toAbsolutePath();
        try {
            Files.createDirectories(directory);
            setup.server().prepare(directory);
            Path settings = directory.resolve(name + ".env");
            Files.deleteIfExists(settings);
            Files.createFile(
                    settings, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(settings, environment(setup, name, port));
            Path script = directory.resolve(name + ".sh");
            Files.writeString(script, script(setup, name, port, directory));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Instance(name, port, directory);
    }

    private static String environment(Setup setup, String name, int port) {
        var all = new TreeMap<>(setup.settings());
        all.put("PLUMB_INSTANCE_NAME", name);
        all.putIfAbsent("PLUMB_INSTANCE_URL", "http://127.0.0.1:" + port);
        all.putIfAbsent(
                "PLUMB_INSTANCE_DIRECTORY", setup.directory().toAbsolutePath().toString());
        return all.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + Shell.quoted(setting.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String script(Setup setup, String name, int port, Path directory) {
        var launch = new Server.Launch(directory, name, port, setup.war(), setup.jvm());
        return """
                #!/bin/sh
                # Starts %1$s in the background, also after it was stopped or killed. With --foreground: stays.
                cd %2$s || exit 1
                if [ "$1" != --locked ]; then # the server holds the lock as long as it lives
                  exec 9>> %1$s.lock
                  if ! flock -w 2 9; then
                    echo '%1$s runs already' >&2
                    exit 1
                  fi
                fi
                if [ -z "$1" ]; then
                  setsid %2$s/%1$s.sh --locked </dev/null >/dev/null 2>&1 &
                  echo '%1$s starts at http://127.0.0.1:%3$d, its log is' %2$s/%1$s.log
                  exit 0
                fi
                echo $$ > %1$s.pid
                # else the server starts the application of its former run first
                %5$s
                set -a; . ./%1$s.env; set +a
                exec %4$s >> %1$s.log 2>&1
                """.formatted(
                name,
                Shell.quoted(directory),
                port,
                setup.server().command(launch).stream().map(Shell::quoted).collect(Collectors.joining(" ")),
                String.join("\n", setup.server().afresh(launch)));
    }

    /// Starts the process. Does not wait until it serves: see [#isReady].
    ///
    /// The kernel kills it when the calling *thread* ends: call it from one that lives as long as the server should.
    public void start() {
        try {
            new ProcessBuilder("setpriv", "--pdeathsig", "KILL", "setsid", script().toString(), "--foreground")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log().toString())))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "setpriv, setsid and flock are needed to start servers; they are in the package util-linux", e);
        }
    }

    public String name() {
        return name;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public Path script() {
        return directory.resolve(name + ".sh");
    }

    public Path log() {
        return directory.resolve(name + ".log");
    }

    public boolean isReady() {
        return status("/api/plumb/health/ready") == 200;
    }

    /// The status of a GET, or 0: no answer.
    public int status(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /// The process, if it runs and is ours: a pid may be somebody else's by now.
    public Optional<ProcessHandle> process() {
        return processIn(directory, name);
    }

    /// The pid of an instance that was started in that directory, by whomever, and runs.
    static Optional<Long> pidIn(Path directory, int number) {
        return processIn(directory.toAbsolutePath(), nameOf(number)).map(ProcessHandle::pid);
    }

    private static Optional<ProcessHandle> processIn(Path directory, String name) {
        try {
            long pid = Long.parseLong(
                    Files.readString(directory.resolve(name + ".pid")).strip());
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> runs(directory.resolve(name), process));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String nameOf(int number) {
        return "instance-" + number;
    }

    /// Also while the script has not become the server yet: both have this path in their arguments.
    private static boolean runs(Path instance, ProcessHandle process) {
        return process.info()
                .commandLine()
                .map(line -> line.contains(instance.toString()))
                .orElse(false);
    }

    /// `KILL`, `TERM`, `STOP`, `CONT`. Without effect if the process is gone.
    public void signal(String signal) {
        process().ifPresent(process -> {
            try {
                new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Asks the server to stop, and kills it if it takes longer than that. Blocks.
    public void stop(Duration patience) {
        Optional<ProcessHandle> process = process();
        if (process.isEmpty()) return;
        process.get().destroy();
        try {
            process.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.get().destroyForcibly();
        } catch (Exception e) {
            process.get().destroyForcibly();
            process.get().onExit().join();
        }
    }

    @Override
    public String toString() {
        return name + " at " + url();
    }
}
