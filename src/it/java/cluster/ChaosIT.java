package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many faults at random under load, one of each instance at a time; then everything that clients were told is compared
/// with the tables. Thirty-six faults with every build, a thousand with `mvn -Pchaos verify`. A seed repeats the
/// sequence of faults, not their exact moments: `-Dplumb.chaos.seed=…`. `-Dplumb.chaos.kinds=STOP,PAUSE` leaves the
/// other faults out.
@Timeout(14_400)
class ChaosIT {
    private static final System.Logger LOG = System.getLogger(ChaosIT.class.getName());
    private static final String KINDS = System.getProperty("plumb.chaos.kinds", "");
    private static final int FAULTS = Integer.getInteger("plumb.chaos.faults", 36);
    private static final long SEED = Long.getLong("plumb.chaos.seed", System.nanoTime());
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    /// Then it is enough, however many there were.
    private static final Duration LONGEST = Duration.ofMinutes(Long.getLong("plumb.chaos.minutes", 180));

    /// Of each client, so that what is tested is the faults, not a machine without a free moment.
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final Duration BEYOND_TTL = Cluster.TTL.plusMillis(1_500);

    /// What goes wrong, and how often of all.
    private enum Fault {
        PAUSE(5),
        LONG_PAUSE(2),
        CUT_DATABASE(5),
        CUT_PEERS(4),
        STALL_DATABASE(3),
        LONG_STALL_DATABASE(1),
        STALL_PEERS(3),
        END_SESSIONS(5),
        LOCKED_ROWS(2),
        KILL(1),
        STOP(1),
        RESTART_POSTGRES(1);

        private final int weight;

        /// It passes by itself, so another may come on top of it.
        boolean isPassing() {
            return ordinal() < KILL.ordinal();
        }

        Fault(int weight) {
            this.weight = weight;
        }

        boolean isWanted() {
            return KINDS.isEmpty() || List.of(KINDS.split(",")).contains(name());
        }

        static Fault random(SplittableRandom random, Predicate<Fault> like) {
            List<Fault> possible =
                    Stream.of(values()).filter(Fault::isWanted).filter(like).toList();
            int drawn = random.nextInt(
                    possible.stream().mapToInt(each -> each.weight).sum());
            for (Fault each : possible) {
                drawn -= each.weight;
                if (drawn < 0) return each;
            }
            throw new AssertionError();
        }
    }

    private final Cluster cluster = Cluster.healthy();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Fault, Integer> done = new ConcurrentHashMap<>();

    @Test
    void whateverHappensNothingIsLostDoubledOrStale() throws Exception {
        LOG.log(Level.INFO, "chaos with seed " + SEED);
        cluster.balances();
        try (var regulars = new Regulars(24, cluster.instances(), PAUSE);
                var readers = new Readers(6, cluster.instances(), PAUSE);
                var others = Executors.newFixedThreadPool(Cluster.SIZE - 1)) {
            List<Fault> everyKind = everyKindOnce();
            long begun = System.nanoTime();
            for (int i = 0; i < FAULTS && System.nanoTime() - begun < LONGEST.toNanos(); i += Cluster.SIZE) {
                int before = regulars.acknowledged();
                int round = i / Cluster.SIZE;
                Fault fault = round < everyKind.size() ? everyKind.get(round) : Fault.random(random, any -> true);
                int victim = random.nextInt(Cluster.SIZE);
                var all = new ArrayList<>(List.of(fault));
                var onTop = new ArrayList<Future<?>>();
                for (int other = 1; other < Cluster.SIZE; other++) {
                    Fault passing = Fault.random(random, Fault::isPassing);
                    int another = (victim + other) % Cluster.SIZE + 1;
                    all.add(passing);
                    onTop.add(others.submit(() -> befall(passing, another)));
                }
                befall(fault, victim + 1);
                for (Future<?> each : onTop) each.get();
                await("orders are acknowledged after " + i + " faults and " + all + ", seed " + SEED)
                        .atMost(PATIENCE)
                        .until(() -> regulars.acknowledged() >= before + 24);
            }
            int after = regulars.leastAcknowledged();
            await("everybody is served in the end, seed " + SEED)
                    .atMost(PATIENCE)
                    .until(() -> regulars.leastAcknowledged() >= after + 3);
            regulars.close();
            readers.close();
            LOG.log(
                    Level.INFO,
                    done.values().stream().mapToInt(Integer::intValue).sum() + " faults " + done + ", "
                            + regulars.history().size() + " orders, " + readers.reads() + " reads, seed " + SEED);
            Audit.check(cluster, regulars);
            assertThat(regulars.hollow())
                    .as("success without an order, seed " + SEED)
                    .isEmpty();
            assertThat(readers.stale())
                    .as("reads older than what was acknowledged, seed " + SEED)
                    .isEmpty();
        }
    }

    private List<Fault> everyKindOnce() {
        var kinds = new ArrayList<>(
                Stream.of(Fault.values()).filter(Fault::isWanted).toList());
        Collections.shuffle(kinds, new Random(SEED));
        return kinds;
    }

    private Void befall(Fault fault, int victim) throws Exception {
        try {
            inflict(fault, victim);
        } catch (SQLException | IllegalStateException e) {
            LOG.log(
                    Level.INFO,
                    fault + " ended early: " + e.getMessage()); // its session was ended, too, or Postgres went away
        }
        done.merge(fault, 1, Integer::sum);
        return null;
    }

    private void inflict(Fault fault, int victim) throws Exception {
        LOG.log(Level.INFO, fault + " of instance-" + victim);
        Instance instance = cluster.instance(victim);
        switch (fault) {
            case PAUSE -> pause(instance, upTo(Duration.ofSeconds(3)));
            case LONG_PAUSE -> pause(instance, BEYOND_TTL);
            case CUT_DATABASE -> cluster.toPostgres(victim).cut();
            case CUT_PEERS -> cluster.fromPeers(victim).cut();
            case STALL_DATABASE -> stall(cluster.toPostgres(victim), upTo(Duration.ofSeconds(3)));
            case LONG_STALL_DATABASE -> stall(cluster.toPostgres(victim), BEYOND_TTL);
            case STALL_PEERS -> stall(cluster.fromPeers(victim), upTo(Duration.ofSeconds(3)));
            case END_SESSIONS -> endSessions();
            case LOCKED_ROWS -> lockRows(upTo(Duration.ofSeconds(2)));
            case KILL -> again(instance, "KILL");
            case STOP -> again(instance, "TERM");
            case RESTART_POSTGRES -> cluster.postgres().restart();
        }
    }

    private Duration upTo(Duration longest) {
        return Duration.ofMillis(random.nextLong(100, longest.toMillis()));
    }

    /// The fault itself takes time; nothing is waited for.
    private static void lasts(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    private static void pause(Instance instance, Duration time) throws InterruptedException {
        instance.signal("STOP");
        lasts(time);
        instance.signal("CONT");
    }

    private static void stall(Wire wire, Duration time) throws InterruptedException {
        wire.stall();
        lasts(time);
        wire.flow();
    }

    private void endSessions() {
        cluster.strings("select pg_terminate_backend(pid)::text from pg_stat_activity"
                + " where datname = 'cluster' and pid <> pg_backend_pid() and random() < 0.5");
    }

    private void lockRows(Duration time) throws Exception {
        try (Connection session = cluster.postgres().connect("cluster")) {
            session.setAutoCommit(false);
            session.createStatement()
                    .execute("select from plumb.range_lease where random() < 0.3 order by range_id for update");
            lasts(time);
            session.rollback();
        }
    }

    /// It is back, and has its share, before the next fault: two instances at least are there all the time.
    private void again(Instance instance, String signal) {
        instance.signal(signal);
        await("it ends").atMost(PATIENCE).until(() -> instance.process().isEmpty());
        instance.start();
        await("it is back").atMost(PATIENCE).until(instance::isReady);
    }
}
