package plumb.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A file system of its own, in memory, that can be full. Only root may make one. It does not outlive this JVM, however
/// that ends.
public final class SmallDisk implements AutoCloseable {
    private final Path directory;
    private final Process guard;

    private SmallDisk(Path directory, Process guard) {
        this.directory = directory;
        this.guard = guard;
    }

    /// Empty: this machine does not let us.
    public static Optional<SmallDisk> mount(int megabytes) {
        try {
            Path directory = Files.createTempDirectory("plumb-disk-");
            var mount = new ProcessBuilder(
                    "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "plumb-disk", directory.toString());
            if (run(mount) != 0) {
                Files.delete(directory);
                return Optional.empty();
            }
            var guard =
                    new ProcessBuilder("setsid", "sh", "-c", "read -r nothing; umount -l \"$0\"", directory.toString());
            return Optional.of(new SmallDisk(directory, guard.start()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public Path directory() {
        return directory;
    }

    /// Not a byte is left.
    public void fill() {
        var block = new byte[4_096];
        try (OutputStream ballast = Files.newOutputStream(ballast())) {
            while (true) ballast.write(block);
        } catch (IOException e) {
            // no space left on device
        }
    }

    /// As it was before.
    public void makeRoom() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    @Override
    public void close() {
        try {
            run(new ProcessBuilder("umount", "-l", directory.toString()));
            guard.destroy();
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int run(ProcessBuilder command) throws IOException {
        try {
            return command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
