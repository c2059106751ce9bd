package container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import container.misuse.beans.DirectInjection;
import container.misuse.resources.WrongPath;
import demo.Instance;
import demo.Server;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import plumb.testsupport.DurablePostgres;

/// WARs with mistakes: they must not deploy, and each mistake is told in one sentence.
class MisuseIT {
    private static final Path DIRECTORY = Path.of("target", "misuse");
    private static final int PORT = 18_281;

    /// What Payara and WildFly say in the end.
    private static final Pattern UP = Pattern.compile("ready in|WFLYSRV002[56]");

    @Test
    void mistakesInBeans() throws Exception {
        assertThat(logOfDeployment(DirectInjection.class))
                .contains("@PerKey container.misuse.beans.FinalHandler: it must not be final")
                .contains(
                        "@PerKey container.misuse.beans.Keyless: exactly one field must be marked @Inject @Key, not 0")
                .contains("KeepsNothing: @Drain and @Restore belong together, one of them is missing")
                .contains("KeepsText: @Drain returns a record, not java.lang.String")
                .contains("ShowsText: @Describe returns a public record, it is shown as JSON, not java.lang.String")
                .contains("CountsText: @LiveGauge(\"a_text\") returns an int or a long, not java.lang.String")
                .contains("CountsForSomebody: @LiveGauge(\"for_somebody\") takes no parameter")
                .contains("CountsTwice: @LiveGauge(\"twice\") stands on two methods")
                .contains("@LiveGauge(\"taken\") is the name of one of container.misuse.beans.CountsLike")
                .contains("RingsTwice: @Alarm(\"late\") stands on two methods")
                .contains("RingsWithAnything: @Alarm(\"late\") takes a UUID, a String or a long, or nothing")
                .contains("TicksTooOften: @Every(\"PT0.01S\") is shorter than PT0.1S")
                .contains("TicksSometimes: @Every(\"a minute\") is not a time as PT1M or PT0.5S")
                .contains("DirectInjection.usual: a @PerKey class cannot be injected")
                .contains("DirectInjection.keyed: Keyed<T> wants a class marked @PerKey, not java.lang.String");
    }

    @Test
    void mistakesInResources() throws Exception {
        assertThat(logOfDeployment(WrongPath.class))
                .contains("resources.TwiceOwned.get: @Owned stands on the class and on the method; keep one")
                .contains("resources.WrongPath.get: @Owned wants the path parameter {customer}")
                .contains(
                        "resources.WrongPath.nowhere: @Owned(\"nowhere\") names a domain for which there is no @PerKey class");
    }

    /// Of a server with the WAR and the classes of that package.
    private static String logOfDeployment(Class<?> oneOfThem) throws IOException {
        Files.createDirectories(DIRECTORY);
        Instance server = Instance.prepare(
                new Instance.Setup(
                        DIRECTORY,
                        war(oneOfThem.getPackage()),
                        Server.fromProperties("plumb.it"),
                        Map.of("PLUMB_JDBC_URL", DurablePostgres.shared().createDatabase("misuse")),
                        List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", Instance.CARRIERS)),
                1,
                PORT);
        Files.deleteIfExists(server.log());
        server.start();
        try {
            await("the server is up")
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> UP.matcher(Files.readString(server.log())).find());
            assertThat(server.status("/api/menu")).isGreaterThanOrEqualTo(404);
            return Files.readString(server.log());
        } finally {
            server.signal("KILL");
            await("it is gone").until(() -> server.process().isEmpty());
        }
    }

    private static Path war(Package mistakes) {
        Path war = DIRECTORY.resolve("misuse.war");
        ShrinkWrap.create(ZipImporter.class, "misuse.war")
                .importFrom(new File(System.getProperty("plumb.it.war")))
                .as(WebArchive.class)
                .addPackage(mistakes)
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        return war;
    }
}
