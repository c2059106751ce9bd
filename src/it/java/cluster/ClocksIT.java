package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import plumb.testsupport.FakeClock;

/// Wall clocks are an hour off, of instances and of the database, and jump while everything runs.
@Tag("faults") // with `mvn -Pchaos verify`
class ClocksIT {
    private static final System.Logger LOG = System.getLogger(ClocksIT.class.getName());
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /// Slow machines are late, an hour they are not.
    private static final Duration SLOW = Duration.ofSeconds(20);

    private final FakeClock clock = new FakeClock(Path.of("target", "cluster", "clock"));
    private Cluster cluster;

    @BeforeEach
    void clocksCanBeFaked() {
        assumeThat(FakeClock.isPossible())
                .as("Debian's package libfaketime is installed")
                .isTrue();
        cluster = Cluster.healthy();
    }

    @Test
    void anInstancesClockChangesNothing() throws Exception {
        int wrong = 3;
        kill(wrong);
        cluster.equip(wrong, Cluster.WAR, clock.environment());
        try {
            cluster = Cluster.healthy();
            UUID itsOwn = Http.customerOf(cluster.instance(wrong));
            nobodyIsTakenOver(ahead -> isAhead(shownBy(cluster.instance(wrong), itsOwn), ahead));
            takenOverInTime();
        } finally {
            kill(wrong);
            cluster.asUsual(wrong);
        }
    }

    /// Whoever still runs would not be started again.
    private void kill(int number) {
        cluster.instance(number).signal("KILL");
        await("it ends")
                .atMost(SLOW)
                .until(() -> cluster.instance(number).process().isEmpty());
    }

    @Test
    void theDatabasesClockChangesNothing() throws Exception {
        cluster.postgres().restart(clock.environment());
        try {
            cluster = Cluster.healthy();
            nobodyIsTakenOver(ahead -> isAhead(shownByTheDatabase(), ahead));
            takenOverInTime();
        } finally {
            cluster.postgres().restart();
            forgetTimesThatNeverWere();
        }
    }

    private interface Shows {
        boolean ahead(Duration by) throws Exception;
    }

    private void nobodyIsTakenOver(Shows shows) throws Exception {
        List<String> lives = cluster.lives();
        long takeovers = cluster.takeovers();
        try (var regulars = new Regulars(12, cluster.instances());
                var readers = new Readers(3, cluster.instances())) {
            for (Duration ahead : List.of(HOUR, HOUR.negated(), Duration.ZERO, HOUR)) {
                clock.jumpTo(ahead);
                await("it has jumped").atMost(PATIENCE).until(() -> shows.ahead(ahead));
                regulars.goOn(5);
            }
            readers.close();
            regulars.close();
            LOG.log(Level.INFO, "failures while a clock jumped: " + regulars.failures());
            assertThat(cluster.lives()).isEqualTo(lives);
            assertThat(cluster.takeovers()).isEqualTo(takeovers);
            assertThat(readers.stale()).isEmpty();
            Audit.check(cluster, regulars);
        }
    }

    /// A standstill is noticed after the TTL of the monotonic clock: not at once, and not an hour later.
    private void takenOverInTime() throws Exception {
        Instance victim = cluster.instance(2);
        String life = cluster.strings("select instance_id from plumb.instance where state = 'ALIVE' and name = '"
                        + victim.name() + "'")
                .getFirst();
        try (var regulars = new Regulars(12, cluster.instances())) {
            regulars.goOn(2);
            victim.signal("STOP");
            long stopped = System.nanoTime();
            clock.jumpTo(HOUR.negated());
            await("its ranges have other owners")
                    .atMost(PATIENCE)
                    .until(() -> cluster.longs("select count(*) from plumb.range_lease where owner = '" + life + "'")
                            .equals(List.of(0L)));
            var after = Duration.ofNanos(System.nanoTime() - stopped);
            victim.signal("CONT");
            LOG.log(Level.INFO, "taken over after " + after.toMillis() + " ms, TTL " + Cluster.TTL.toMillis() + " ms");
            assertThat(after).isBetween(Cluster.TTL.minusSeconds(2), Cluster.TTL.plus(SLOW));
            regulars.goOn(3);
            regulars.close();
            Audit.checkTold(cluster, regulars);
        }
    }

    private static Instant shownBy(Instance instance, UUID customer) throws Exception {
        return Instant.parse(Http.send(Http.reorder(instance, customer)).member("placedAt"));
    }

    private Instant shownByTheDatabase() {
        return Instant.ofEpochSecond(cluster.longs("select extract(epoch from clock_timestamp())::bigint")
                .getFirst());
    }

    private static boolean isAhead(Instant shown, Duration by) {
        return Duration.between(Instant.now().plus(by), shown).abs().compareTo(SLOW) < 0;
    }

    /// The audit compares times of commits with times of grants: those of this hour mean nothing, and the tests that
    /// come are to be judged.
    private void forgetTimesThatNeverWere() {
        String audited = String.join(", ", cluster.strings("select name from plumb.audited_table"));
        cluster.execute("truncate plumb.audit_violation, " + audited + " cascade");
    }
}
