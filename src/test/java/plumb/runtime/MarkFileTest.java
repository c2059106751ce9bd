package plumb.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumb.keyspace.Key;

/// What a process leaves behind, however it ends.
@Timeout(60)
class MarkFileTest {
    private static final String URL = "http://127.0.0.1:8081";

    @TempDir
    Path directory;

    /// Runs [Dying] to its end.
    private void die(String how) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        directory.toString(),
                        URL,
                        how)
                .redirectErrorStream(true)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            String line = out.readLine();
            while (line != null && !line.equals("runs")) line = out.readLine();
            assertThat(line).isEqualTo("runs");
            if (how.equals("kill")) process.destroyForcibly();
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"halt", "memory", "kill"})
    void whoseCodeRanWhenTheProcessDiedIsKnownAtTheNextStartAndNotAtTheOneAfter(String how) throws Exception {
        die(how);

        try (MarkFile next = MarkFile.open(directory, URL)) {
            assertThat(next.left()).containsExactly(new Key("customer", "Jo\u00e9"));
        }
        try (MarkFile after = MarkFile.open(directory, URL)) {
            assertThat(after.left()).isEmpty();
        }
    }

    @Test
    void whoseCodeRunsWhenTheProcessEndsAsItShouldIsNotToBlame() throws Exception {
        die("orderly");

        try (MarkFile next = MarkFile.open(directory, URL)) {
            assertThat(next.left()).isEmpty();
        }
    }

    @Test
    void anotherInstanceHasAnotherFile() throws Exception {
        die("halt");

        try (MarkFile other = MarkFile.open(directory, "http://127.0.0.1:8082")) {
            assertThat(other.left()).isEmpty();
        }
    }

    @Test
    void aSecondInstanceAtOneAddressRunsWithout() {
        try (MarkFile first = MarkFile.open(directory, URL);
                MarkFile second = MarkFile.open(directory, URL)) {
            assertThat(first.file()).isNotNull();
            assertThat(second.file()).isNull();
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNoReasonNotToStart() {
        try (MarkFile marks = MarkFile.open(directory.resolve("missing"), URL)) {
            assertThat(marks.file()).isNull();
            assertThat(marks.left()).isEmpty();
        }
    }

    @Test
    void nobodyElseReadsItAndALinkIsNotFollowed() throws Exception {
        MarkFile.open(directory, URL).close();
        Path file = onlyFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Path elsewhere = Files.createTempFile(directory, "else", "where");
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        try (MarkFile marks = MarkFile.open(directory, URL)) {
            assertThat(marks.file()).isNull();
        }
        assertThat(elsewhere).isEmptyFile();
    }

    private Path onlyFile() throws Exception {
        try (var files = Files.list(directory)) {
            return files.findFirst().orElseThrow();
        }
    }
}
