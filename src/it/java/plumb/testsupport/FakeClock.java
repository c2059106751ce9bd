package plumb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A wall clock that is wrong, and jumps while a process runs: Debian's `libfaketime`, preloaded into it. The monotonic
/// clock goes on, as it does where a real clock is set.
public final class FakeClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private final Path offset;

    /// @param offset a file for it; it shows the right time at first
    public FakeClock(Path offset) {
        this.offset = offset.toAbsolutePath();
        jumpTo(Duration.ZERO);
    }

    /// Whether this machine has the library.
    public static boolean isPossible() {
        return library().isPresent();
    }

    private static Optional<Path> library() {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES, "*-linux-gnu*")) {
            for (Path architecture : architectures) {
                Path library = architecture.resolve("faketime").resolve("libfaketime.so.1");
                if (Files.exists(library)) return Optional.of(library);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Of the process that is to see it. Read anew once a second. Without the last two, timed waits return at once or
    /// not at all.
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library().orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /// From the right time. Seen within a second.
    public void jumpTo(Duration ahead) {
        try {
            Path next = offset.resolveSibling(offset.getFileName() + ".next");
            Files.createDirectories(offset.getParent());
            Files.writeString(next, (ahead.isNegative() ? "" : "+") + ahead.toSeconds());
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
