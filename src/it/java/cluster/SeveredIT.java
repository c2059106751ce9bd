package cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import demo.Instance;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// An instance that lives, but has no session of the database any more and refuses its peers: all that they can see of
/// it is what they see of a process that has ended, so it is taken for dead early.
@Tag("faults") // with `mvn -Pchaos verify`
class SeveredIT {
    private static final System.Logger LOG = System.getLogger(SeveredIT.class.getName());
    private static final String NEW_ADDRESS = "2 Side Street";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster = Cluster.healthy();

    @Test
    void itWritesNothingAndReadsFromItsMemoryEndAtItsDeadline() throws Exception {
        Instance severed = cluster.instance(2);
        String life = life(severed);
        UUID joe = Http.customerOf(severed);
        UUID jim = Http.customerOf(severed);
        var others = List.of(cluster.instance(1), cluster.instance(3));
        try (var regulars = new Regulars(12, others)) {
            regulars.goOn(5);

            long cut = System.nanoTime();
            cluster.fromPeers(2).refuse();
            cluster.toPostgres(2).refuse();
            await("the successor acknowledges a change")
                    .atMost(PATIENCE)
                    .until(() -> Http.move(cluster.instance(1), joe, NEW_ADDRESS) == 204);
            var takeover = Duration.ofNanos(System.nanoTime() - cut);

            var write = Http.sendAsync(Http.reorder(severed, jim));
            var stale = new ArrayList<Duration>();
            await("it answers nothing from memory any more").atMost(PATIENCE).until(() -> {
                Http.Answer read = Http.get(severed, Http.customer(joe));
                boolean old = read.status() == 200 && !read.body().contains(NEW_ADDRESS);
                if (old) stale.add(Duration.ofNanos(System.nanoTime() - cut));
                return read.status() == 503;
            });
            var silent = Duration.ofNanos(System.nanoTime() - cut);
            LOG.log(
                    Level.INFO,
                    "taken over after " + takeover.toMillis() + " ms, " + stale.size() + " stale reads up to "
                            + stale.stream().map(Duration::toMillis).max(Long::compare) + " ms, none after "
                            + silent.toMillis() + " ms");
            assertThat(stale).as("stale reads").allMatch(after -> after.compareTo(Cluster.TTL) < 0);
            assertThat(Http.move(severed, joe, "nowhere")).as("and later").isEqualTo(503);
            regulars.goOn(5);

            cluster.fromPeers(2).flow();
            cluster.toPostgres(2).flow();
            await("it begins a new life")
                    .atMost(PATIENCE)
                    .until(() -> severed.isReady() && !life(severed).equals(life));
            assertThat(Http.get(severed, Http.customer(joe)).body()).contains(NEW_ADDRESS);
            assertThat(write.get().status())
                    .as("a write to it while it was cut off")
                    .isIn(502, 503, 504);
            regulars.close();
            Audit.check(cluster, regulars);
        }
        assertThat(cluster.strings("select state from plumb.instance where instance_id = '" + life + "'"))
                .containsExactly("DEAD");
    }

    private String life(Instance of) {
        List<String> lives = cluster.strings(
                "select instance_id from plumb.instance where state <> 'DEAD' and name = '" + of.name() + "'");
        return lives.isEmpty() ? "" : lives.getFirst();
    }
}
