package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.ownership.FakeCluster.Node;

/// Lives of instances under a clock that the test moves. That no two of them trust the same range is checked at every
/// step.
class LeaseKeeperTest {
    private static final int RANGES = 12;
    private static final Duration TTL = FakeCluster.SETTINGS.ttl();

    private final FakeCluster cluster = new FakeCluster(RANGES);

    @Test
    void theFirstInstanceTakesEverything() {
        Node only = cluster.add("a");

        cluster.pass(Duration.ofSeconds(5));

        assertThat(only.held).hasSize(RANGES);
        assertThat(only.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
        assertThat(only.trust.holds()).isTrue();
    }

    @Test
    void newcomersGetTheirFairShareByHandOver() {
        Node a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        Node b = cluster.add("b");
        Node c = cluster.add("c");

        cluster.pass(Duration.ofSeconds(30));

        assertThat(a.held).hasSize(4);
        assertThat(b.held).hasSize(4);
        assertThat(c.held).hasSize(4);
        assertThat(a.events).anyMatch(event -> event.endsWith("handed-over"));
    }

    @Test
    void aRangeIsHandedOverOnlyAfterItsDrain() {
        Node a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        a.drained = new CompletableFuture<>();
        Node b = cluster.add("b");

        cluster.pass(Duration.ofSeconds(10));
        assertThat(b.held).isEmpty();
        assertThat(a.held).hasSize(RANGES);

        a.drained.complete(null);
        cluster.pass(Duration.ofSeconds(10));
        assertThat(b.held).hasSize(RANGES / 2);
    }

    @Test
    void aPausedInstanceTrustsNothingBeforeAnybodyTakesItsRanges() {
        Node a = cluster.add("a");
        Node b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(30));
        a.paused = true;

        cluster.pass(TTL.minus(FakeCluster.SETTINGS.margin()));
        assertThat(a.trust.holds()).isFalse();
        assertThat(b.held).as("nobody has waited for a full TTL yet").hasSize(RANGES / 2);

        cluster.pass(FakeCluster.SETTINGS.margin().plusSeconds(4));
        assertThat(b.held).hasSize(RANGES);

        a.paused = false;
        cluster.pass(Duration.ofSeconds(1));
        assertThat(a.events).anyMatch(event -> event.endsWith("fenced"));
        cluster.pass(Duration.ofSeconds(20));
        assertThat(a.held).as("a new life").hasSize(RANGES / 2);
    }

    @Test
    void anOutageOfTheDatabaseIsNoReasonToTakeOver() {
        Node a = cluster.add("a");
        Node b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(30));
        int before = a.events.size() + b.events.size();

        cluster.databaseAway = true;
        cluster.pass(TTL.multipliedBy(5));
        assertThat(a.trust.holds()).isFalse();
        assertThat(b.trust.holds()).isFalse();

        cluster.databaseAway = false;
        cluster.pass(TTL.multipliedBy(2));
        assertThat(a.events.size() + b.events.size())
                .as("nothing changed hands")
                .isEqualTo(before);
        assertThat(a.trust.holds()).isTrue();
        assertThat(b.trust.holds()).isTrue();
    }

    @Test
    void whoLeavesHandsEverythingOver() {
        Node a = cluster.add("a");
        Node b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(30));

        a.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(5));

        assertThat(a.left).isTrue();
        assertThat(a.held).isEmpty();
        assertThat(b.held).hasSize(RANGES);
        assertThat(a.events).noneMatch(event -> event.endsWith("released"));
    }

    @Test
    void whoLeavesLastReleases() {
        Node only = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));

        only.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(5));

        assertThat(only.left).isTrue();
        assertThat(only.held).isEmpty();
        assertThat(cluster.table.rangesSince(0).ranges()).allMatch(row -> row.owner() == null);
    }

    @Test
    void anOfferIsTakenBackWhenItsTargetVanishes() {
        Node a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        a.drained = new CompletableFuture<>();
        Node b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(3));
        b.paused = true;

        cluster.pass(FakeCluster.SETTINGS.drainTimeout().plus(TTL).plusSeconds(5));

        assertThat(a.events).anyMatch(event -> event.startsWith("undrain"));
        assertThat(a.held).hasSize(RANGES);
        assertThat(cluster.table.rangesSince(0).ranges()).allMatch(row -> row.target() == null);
    }

    @Test
    void aReclaimEndsTheOldTenureBeforeTheNewOneBegins() {
        Node a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        Lease lease = a.held.values().iterator().next();
        a.events.clear();

        assertThat(a.keeper.reclaim(Set.of(lease.tenure()))).isTrue();

        Epoch raised = new Epoch(lease.epoch().value() + 1);
        assertThat(a.events)
                .containsExactly(
                        "lost " + lease.range() + " " + lease.epoch() + " reclaimed",
                        "granted " + lease.range() + " " + raised);
    }
}
