package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import plumb.testsupport.DurablePostgres;
import plumb.testsupport.SmallDisk;

/// The database has no space left.
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
@Tag("faults") // with `mvn -Pchaos verify`
class FullDiskIT {
    private static final System.Logger LOG = System.getLogger(FullDiskIT.class.getName());
    private static final int MEGABYTES = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BEYOND_TTL = Cluster.TTL.plusSeconds(2);

    private SmallDisk disk;
    private DurablePostgres usual;
    private DurablePostgres small;
    private Cluster cluster;

    @BeforeAll
    void theDatabaseIsOnASmallDisk() {
        disk = SmallDisk.mount(MEGABYTES).orElse(null);
        assumeThat(disk)
                .as("a disk that can be filled (only root may mount one)")
                .isNotNull();
        usual = Cluster.healthy().postgres();
        small = usual.standbyIn(disk.directory().resolve("postgres"));
        small.promote();
        Cluster.healthy().failOver(small);
    }

    @BeforeEach
    void serves() {
        cluster = Cluster.healthy();
    }

    @AfterAll
    void asUsual() {
        if (usual == null) return;
        Cluster.healthy().failOver(usual);
        usual.forgetStandby();
        small.close();
        disk.close();
    }

    @Test
    void readsGoOnWritesAreRefusedAndWithSpaceEverythingGoesOn() throws Exception {
        UUID reader = UUID.randomUUID();
        Http.putCustomer(cluster.instance(1), reader);
        Instance door = cluster.instance(1);
        List<String> lives = cluster.lives();
        long takeovers = cluster.takeovers();
        try (var regulars = new Regulars(12, cluster.instances())) {
            regulars.goOn(5);

            disk.fill();
            await("orders are refused")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    Http.send(Http.reorder(door, reader)).status())
                            .isEqualTo(503));
            int acknowledged = regulars.history().size();
            await("reads go on beyond the TTL")
                    .during(BEYOND_TTL)
                    .atMost(BEYOND_TTL.multipliedBy(3))
                    .until(() -> Http.get(door, Http.customer(reader)).status() == 200);
            LOG.log(
                    Level.INFO,
                    "while the disk was full: " + (regulars.history().size() - acknowledged) + " orders, "
                            + regulars.failures());

            disk.makeRoom();
            regulars.goOn(5);
            regulars.close();
            Audit.check(cluster, regulars);
        }
        assertThat(cluster.lives()).isEqualTo(lives);
        assertThat(cluster.takeovers()).isEqualTo(takeovers);
    }

    /// Then Postgres itself stops. Whoever runs it makes room and starts it again.
    @Test
    void withoutSpaceForTheLogPostgresStopsAndNothingAcknowledgedIsLost() throws Exception {
        List<String> lives = cluster.lives();
        try (var regulars = new Regulars(12, cluster.instances())) {
            regulars.goOn(5);

            disk.fill();
            await("Postgres has stopped").atMost(PATIENCE).until(this::hasStoppedForWantOfALog);
            disk.makeRoom();
            small.restart();

            regulars.goOn(5);
            regulars.close();
            Audit.check(cluster, regulars);
        }
        assertThat(cluster.lives()).isEqualTo(lives);
    }

    /// Goes on to the next file of the log until there is none.
    private boolean hasStoppedForWantOfALog() {
        if (!small.isRunning()) return true;
        try {
            small.execute("select pg_logical_emit_message(true, 'plumb', 'full'), pg_switch_wal()");
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "about to stop", e);
        }
        return !small.isRunning();
    }
}
