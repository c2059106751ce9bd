package demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script that starts a server, run as people run it.
class InstanceIT {
    private static final String PASSWORD = "it's \"$HOME\" `id` \\";
    private static final String SECRET = "k1:c2VjcmV0LXNlY3JldC1zZWNyZXQ=";

    @TempDir
    private Path temporary;

    private Path directory;
    private Instance instance;

    @BeforeEach
    void prepare() throws IOException {
        directory = temporary.resolve("joe's demo");
        var setup = new Instance.Setup(
                directory,
                temporary.resolve("any.war"),
                new PayaraMicro(StandIn.jar(temporary)),
                Map.of("PLUMB_JDBC_PASSWORD", PASSWORD, "PLUMB_FORWARD_SECRETS", SECRET),
                List.of("-Xmx64m"));
        instance = Instance.prepare(setup, 1, 8081);
    }

    @AfterEach
    void end() {
        instance.stop(Duration.ofSeconds(5));
    }

    @Test
    void settingsReachTheServerWhateverIsInThem() throws Exception {
        assertThat(byHand()).isZero();

        await("the server runs")
                .until(() -> Files.exists(instance.log())
                        && Files.readString(instance.log()).contains("password"));
        assertThat(instance.log()).content().isEqualTo("password " + PASSWORD + "\n");
    }

    @Test
    void secretsAreForTheirOwnersEyesOnly() throws Exception {
        Path settings = directory.resolve("instance-1.env");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(settings)))
                .isEqualTo("rw-------");
        assertThat(settings).content().contains(SECRET);
        assertThat(instance.script()).content().doesNotContain(SECRET);
    }

    @Test
    void aServerStartedByHandIsKnownAndNotStartedTwice() throws Exception {
        byHand();
        assertThat(byHand()).as("at once, so that the first is still starting").isEqualTo(1);
        await("its pid is known").until(() -> instance.process().isPresent());

        assertThat(byHand()).isEqualTo(1);
        assertThat(Instance.pidIn(directory, 1))
                .isEqualTo(instance.process().map(ProcessHandle::pid))
                .isPresent();
        instance.stop(Duration.ofSeconds(5));
        assertThat(instance.process()).isEmpty();
        assertThat(byHand()).isZero();
        await("it runs again").until(() -> instance.process().isPresent());
    }

    @Test
    void aPidThatIsSomebodyElsesByNowIsLeftAlone() throws Exception {
        Process somebody = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(directory.resolve("instance-1.pid"), somebody.pid() + "\n");

            instance.signal("KILL");
            instance.stop(Duration.ofSeconds(1));

            assertThat(instance.process()).isEmpty();
            assertThat(somebody.waitFor(200, TimeUnit.MILLISECONDS)).as("ended").isFalse();
            assertThat(byHand()).as("it does not keep the server from starting").isZero();
            await("the server runs").until(() -> instance.process().isPresent());
        } finally {
            somebody.destroyForcibly();
        }
    }

    private int byHand() throws IOException, InterruptedException {
        return new ProcessBuilder(instance.script().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
