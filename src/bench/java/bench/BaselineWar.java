package bench;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Makes the application of [bench.baseline] from its classes and the driver of the real one.
final class BaselineWar {
    /// Its tables; the columns and indexes of the real ones, without those of the audit.
    static final List<String> TABLES = List.of("create schema baseline", """
            create table baseline.customer (
                customer_id       uuid          primary key,
                name              text          not null,
                address_line      text          not null,
                usual_pizza       text          not null,
                usual_ingredients text          not null,
                usual_price       numeric(8, 2) not null,
                orders            bigint        not null default 0,
                version           bigint        not null
            ) with (fillfactor = 80)""", """
            create table baseline.customer_order (
                order_id     uuid          primary key,
                customer_id  uuid          not null,
                seq          bigint        not null,
                request_id   text          not null,
                address_line text          not null,
                pizza        text          not null,
                ingredients  text          not null,
                price        numeric(8, 2) not null,
                placed_at    timestamptz   not null,
                expected_at  timestamptz   not null,
                unique (customer_id, seq),
                unique (customer_id, request_id)
            )""");

    private static final String PERSISTENCE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <persistence xmlns="https://jakarta.ee/xml/ns/persistence" version="3.0">
              <persistence-unit name="baseline" transaction-type="JTA">
                <jta-data-source>java:app/jdbc/baseline</jta-data-source>
                <!-- other instances write the same rows -->
                <shared-cache-mode>NONE</shared-cache-mode>
              </persistence-unit>
            </persistence>
            """;

    private static final String BEANS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
            """;

    private BaselineWar() {}

    /// @param real the WAR whose driver is taken
    static Path in(Path directory, Path real) throws IOException {
        Path war = directory.resolve("baseline.war").toAbsolutePath();
        Files.deleteIfExists(war);
        try (FileSystem made = FileSystems.newFileSystem(war, Map.of("create", "true"));
                FileSystem from = FileSystems.newFileSystem(real)) {
            Path root = made.getPath("/");
            Path inside = Files.createDirectories(root.resolve("WEB-INF/classes/META-INF"));
            Files.writeString(inside.resolve("persistence.xml"), PERSISTENCE);
            Files.writeString(root.resolve("WEB-INF/beans.xml"), BEANS);
            copy(classes(), root.resolve("WEB-INF/classes/bench/baseline"), "*.class");
            copy(from.getPath("WEB-INF/lib"), root.resolve("WEB-INF/lib"), "{postgresql,jspecify}-*.jar");
        }
        return war;
    }

    private static Path classes() throws IOException {
        try {
            return Path.of(BaselineWar.class
                            .getResource("baseline/CustomerRow.class")
                            .toURI())
                    .getParent();
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void copy(Path from, Path to, String glob) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.newDirectoryStream(from, glob)) {
            for (Path file : files)
                Files.copy(file, to.resolve(file.getFileName().toString()));
        }
    }
}
