package container;

import static org.awaitility.Awaitility.await;

import demo.Instance;
import demo.Server;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import plumb.testsupport.DurablePostgres;

/// Two servers with another team's domain instead of the pizzas, over a database of their own.
public final class TwoServers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Instance one;
    private final Instance two;

    private TwoServers(Instance one, Instance two) {
        this.one = one;
        this.two = two;
    }

    /// Prepares them; [#awaitReady] starts them.
    ///
    /// @param name of the directory below `target` and of the database, in lower case
    /// @param port of the first; the second has the next one
    /// @param migration of the domain's schema, a resource
    public static TwoServers prepare(String name, int port, String migration, Class<?>... domain) throws IOException {
        Path directory = Files.createDirectories(Path.of("target", name));
        var setup = new Instance.Setup(
                directory,
                war(directory, migration, domain),
                Server.fromProperties("plumb.it"),
                Map.of(
                        "PLUMB_JDBC_URL", DurablePostgres.shared().createDatabase(name),
                        "PLUMB_RANGES_INITIAL", "8",
                        "PLUMB_LEASE_TTL", "5s",
                        "PLUMB_LEASE_RENEW", "1s",
                        "PLUMB_LEASE_MARGIN", "1100ms",
                        "PLUMB_FORWARD_SECRETS", "k1:c2VjcmV0LXNlY3JldC1zZWNyZXQ="),
                List.of("-Xmx400m", "-XX:TieredStopAtLevel=1", Instance.CARRIERS));
        return new TwoServers(Instance.prepare(setup, 1, port), Instance.prepare(setup, 2, port + 1));
    }

    private static Path war(Path directory, String migration, Class<?>... domain) {
        Path war = directory.resolve("domain.war");
        WebArchive archive = ShrinkWrap.create(ZipImporter.class, "domain.war")
                .importFrom(new File(System.getProperty("plumb.it.war")))
                .as(WebArchive.class);
        archive.delete("/WEB-INF/classes/usualpizza");
        archive.delete("/WEB-INF/classes/db/migration/usualpizza");
        archive.addClasses(domain)
                .addAsResource(migration, "db/migration/" + migration)
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        return war;
    }

    public Instance one() {
        return one;
    }

    public Instance two() {
        return two;
    }

    /// Starts who is not there, and waits until both serve.
    public void awaitReady() {
        for (Instance each : List.of(one, two)) if (each.process().isEmpty()) each.start();
        await("both serve").atMost(PATIENCE).until(() -> one.isReady() && two.isReady());
    }

    @Override
    public void close() {
        one.signal("KILL");
        two.signal("KILL");
        await("they are gone")
                .until(() -> one.process().isEmpty() && two.process().isEmpty());
    }
}
