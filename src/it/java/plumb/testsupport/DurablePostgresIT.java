package plumb.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server that other tests rely on.
class DurablePostgresIT {
    @TempDir
    private Path directory;

    @Test
    void theServerEndsWithAJvmThatIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Host.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ProcessHandle server;
        try (BufferedReader said = jvm.inputReader()) {
            server = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            assertThat(server.isAlive()).isTrue();
        } finally {
            jvm.destroyForcibly().waitFor();
        }

        await("Postgres ends").atMost(Duration.ofSeconds(20)).until(() -> !server.isAlive());
    }

    @Test
    void whatTheServerSaysIsInItsLogAlsoAfterARestart() throws Exception {
        Path log = directory.resolve("postgres.log");
        try (var postgres = DurablePostgres.startIn(directory.resolve("postgres"), log)) {
            long before = ready(log);

            postgres.restart();

            assertThat(ready(log)).isGreaterThan(before);
        }
        assertThat(directory.resolve("postgres")).doesNotExist();
    }

    private static long ready(Path log) throws Exception {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("ready to accept connections"))
                .count();
    }

    /// Starts a server, says its pid, and waits to be killed.
    static final class Host {
        private Host() {}

        public static void main(String[] arguments) throws Exception {
            var postgres =
                    DurablePostgres.startIn(Path.of(arguments[0], "postgres"), Path.of(arguments[0], "postgres.log"));
            System.out.println(postgres.pid());
            System.in.read();
        }
    }
}
