package cluster;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The application as a later version of it might be: another name for itself, and migrations that the present one does
/// not know.
final class NewerWar {
    static final String VERSION = "later";

    /// Above whatever the present one has.
    private static final String MIGRATION = "V9000__later.sql";

    private NewerWar() {}

    /// What each adds keeps the present version going: columns that it does not name.
    static Path of(Path war) throws IOException {
        Path newer = Path.of("target", "cluster", "later.war").toAbsolutePath();
        Files.createDirectories(newer.getParent());
        Files.copy(war, newer, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem inside = FileSystems.newFileSystem(newer)) {
            Path classes = inside.getPath("WEB-INF", "classes");
            Files.writeString(classes.resolve("plumb").resolve("version.properties"), "version=" + VERSION);
            Path migrations = classes.resolve("db").resolve("migration");
            Files.writeString(
                    migrations.resolve("plumb").resolve(MIGRATION),
                    "alter table plumb.range_lease add column later text; alter table plumb.instance add column later text;");
            Files.writeString(
                    migrations.resolve("usualpizza").resolve(MIGRATION),
                    "alter table usualpizza.customer_order add column later text;"
                            + " alter table usualpizza.customer add column later text;");
        }
        return newer;
    }
}
