package plumb.runtime;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.dispatch.Marks;
import plumb.keyspace.Key;

/// The file that outlives the process and says whose code ran: mapped, so that a mark is a write to memory. One per
/// instance address; the process holds its lock. Without it (a second instance at that address, a directory that cannot
/// be written) an instance runs as well, only that nobody learns what brought it down.
///
/// @param left the keys whose code ran when the process before this one died
record MarkFile(Marks marks, List<Key> left, @Nullable FileChannel file) implements AutoCloseable {
    private static final Logger LOG = System.getLogger(MarkFile.class.getName());
    private static final Set<OpenOption> OPTIONS = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /// @param instanceUrl whose it is: the same at the next start, another one for another instance on this machine
    static MarkFile open(Path directory, String instanceUrl) {
        Path path = directory.resolve("plumb-"
                + UUID.nameUUIDFromBytes(instanceUrl.getBytes(java.nio.charset.StandardCharsets.UTF_8)) + ".marks");
        try {
            return open(path);
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            LOG.log(Level.WARNING, () -> "What runs here is not marked in " + path + ": " + e);
            return new MarkFile(Marks.inVain(), List.of(), null);
        }
    }

    /// Others may have put a file there, in a directory for everybody: theirs says nothing.
    private static MarkFile open(Path path) throws IOException {
        FileChannel file = FileChannel.open(
                path, OPTIONS, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
            if (!owner.equals(System.getProperty("user.name"))) throw new IOException("it belongs to " + owner);
            if (file.tryLock() == null) throw new IOException("another process uses it");
            MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, 0, Marks.SIZE, Arena.ofAuto());
            List<Key> left = Marks.left(memory);
            return new MarkFile(new Marks(memory), left, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() {
        marks.close();
        try {
            if (file != null) file.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the marks' file cannot be closed", e);
        }
    }
}
