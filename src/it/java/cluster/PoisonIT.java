package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cluster.fuse.Fuse;
import cluster.fuse.FuseResource;
import demo.Instance;
import demo.Server;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import plumb.testsupport.DurablePostgres;

/// A customer whose request takes all memory brings down its owner, and then whoever takes over. That is enough.
class PoisonIT {
    private static final String DATABASE = "poison";
    private static final Path DIRECTORY = Path.of("target", "poison");
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String BAD = "/api/fuses/bad";
    private static final String GOOD = "/api/fuses/good";
    private static final String QUARANTINE = "/api/plumb/quarantine";

    private final DurablePostgres postgres = DurablePostgres.shared();
    private final List<Instance> instances = new ArrayList<>();

    @AfterEach
    void end() {
        instances.forEach(instance -> instance.signal("KILL"));
    }

    @Test
    void aCustomerWhoBringsInstancesDownIsShutOutUntilHeIsReleased() throws Exception {
        String url = postgres.createDatabase(DATABASE);
        Path war = war();
        int port = Cluster.freePorts(2);
        for (int i = 1; i <= 2; i++) instances.add(prepare(i, port + i - 1, url, war));
        instances.forEach(Instance::start);
        serving(instances);
        serves(instances.get(0), BAD);

        Instance first = dies(instances.get(0));
        Instance second = instances.get(first == instances.get(0) ? 1 : 0);
        serves(second, BAD); // it has taken over
        assertThat(dies(second)).isSameAs(second);

        instances.forEach(Instance::start);
        serving(instances);
        assertThat(Http.get(first, QUARANTINE).body())
                .contains("\"key\":\"bad\"", "\"state\":\"quarantined\"", "\"cause\":\"crashing\"", "\"crashes\":2")
                .doesNotContain("good");
        for (Instance each : instances) {
            Http.Answer answer = blow(each);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.header("Retry-After")).isEqualTo("60");
            assertThat(answer.body()).contains("/problems/quarantined");
            assertThat(Http.get(each, BAD).status()).isEqualTo(503);
            serves(each, GOOD);
        }
        assertThat(instances).allMatch(Instance::isReady);

        Http.Answer unreasoned =
                Http.send(Http.request(first, QUARANTINE + "/fuse/bad").DELETE());
        assertThat(unreasoned.status()).isEqualTo(422);
        Http.Answer released = Http.send(
                Http.request(first, QUARANTINE + "/fuse/bad?reason=fixed").DELETE());
        assertThat(released.status()).isEqualTo(204);
        for (Instance each : instances) serves(each, BAD);
        assertThat(decisions()).containsExactly("admin on " + first.name() + ": release fuse/bad, fixed");
        assertThat(Http.get(first, QUARANTINE).body()).isEqualTo("[]");
    }

    private static void serving(List<Instance> all) {
        await("all serve").atMost(PATIENCE).until(() -> all.stream().allMatch(Instance::isReady));
        for (Instance each : all) serves(each, GOOD);
    }

    private static void serves(Instance instance, String path) {
        await(path + " on " + instance).atMost(PATIENCE).until(() -> instance.status(path) == 200);
    }

    private static Http.Answer blow(Instance through) throws IOException, InterruptedException {
        return Http.send(Http.request(through, BAD).POST(BodyPublishers.noBody()));
    }

    /// @return which one it was
    private Instance dies(Instance through) throws InterruptedException {
        List<Instance> living =
                instances.stream().filter(each -> each.process().isPresent()).toList();
        try {
            assertThat(blow(through).status()).isGreaterThanOrEqualTo(500);
        } catch (IOException e) {
            assertThat(e).as("the connection is gone with the server").isNotNull();
        }
        return await("somebody dies")
                .atMost(PATIENCE)
                .until(
                        () -> living.stream()
                                .filter(each -> each.process().isEmpty())
                                .toList(),
                        dead -> !dead.isEmpty())
                .getFirst();
    }

    private static Path war() {
        Path war = DIRECTORY.resolve("poison.war");
        DIRECTORY.toFile().mkdirs();
        ShrinkWrap.create(ZipImporter.class, "poison.war")
                .importFrom(new File(System.getProperty("plumb.it.war")))
                .as(WebArchive.class)
                .addClasses(Fuse.class, FuseResource.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        return war;
    }

    private static Instance prepare(int number, int port, String jdbcUrl, Path war) {
        var settings = Map.of(
                "PLUMB_JDBC_URL",
                jdbcUrl,
                "PLUMB_JDBC_USER",
                DurablePostgres.USER,
                "PLUMB_LEASE_TTL",
                "5s",
                "PLUMB_LEASE_RENEW",
                "1s",
                "PLUMB_LEASE_MARGIN",
                "1100ms",
                "PLUMB_INSTANCE_DIRECTORY",
                DIRECTORY.toAbsolutePath().toString(),
                "PLUMB_ADMIN_PASSWORD",
                Http.PASSWORD,
                "PLUMB_ADMIN_READONLY",
                "false",
                "PLUMB_FORWARD_SECRETS",
                "k1:" + Base64.getEncoder().encodeToString(Cluster.SECRET));
        var setup = new Instance.Setup(
                DIRECTORY,
                war,
                Server.fromProperties("plumb.it"),
                settings,
                List.of(
                        "-Xms128m",
                        "-Xmx384m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        Instance.CARRIERS));
        return Instance.prepare(setup, number, port);
    }

    private List<String> decisions() throws SQLException {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select made_by || ': ' || kind || ' ' || detail || ', ' || reason from plumb.decision"
                                + " where kind = 'release'")) {
            var all = new ArrayList<String>();
            while (row.next()) all.add(row.getString(1));
            return all;
        }
    }
}
