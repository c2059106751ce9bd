package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import plumb.keyspace.KeyRange;

/// Instances that have their ranges by configuration, under a clock that the test moves. That no two of them serve or
/// write the same key is checked at every step.
class StaticOwnershipTest {
    private static final int RANGES = 12;
    private static final Duration A_WHILE = Duration.ofSeconds(5);
    private static final Duration TTL = FakeCluster.SETTINGS.ttl();
    private static final Ownership.Static AB = new Ownership.Static(List.of("a", "b"));

    private final FakeCluster cluster = new FakeCluster(RANGES);

    StaticOwnershipTest() {
        cluster.settings = FakeCluster.SETTINGS.with(AB);
    }

    private static void hasExactlyItsOwn(FakeNode node) {
        assertThat(node.held.values().stream().map(Lease::keys))
                .containsExactlyInAnyOrderElementsOf(KeyRange.even(RANGES).stream()
                        .filter(keys -> AB.nameOf(keys).equals(node.name))
                        .toList());
    }

    @Test
    void eachClaimsExactlyItsRanges() {
        FakeNode a = cluster.add("a");
        cluster.pass(A_WHILE);
        hasExactlyItsOwn(a);
        assertThat(a.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
        FakeNode b = cluster.add("b");

        cluster.pass(TTL.multipliedBy(3));

        hasExactlyItsOwn(a);
        hasExactlyItsOwn(b);
        assertThat(a.eventsWith("drain")).isEmpty();
        assertThat(cluster.table.history()).as("claimed once, never moved").hasSize(RANGES);
    }

    @Test
    void nobodyTakesOverWhatTheDeadHad() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(A_WHILE);

        b.paused = true;
        cluster.pass(TTL.multipliedBy(5));

        hasExactlyItsOwn(a);
        assertThat(cluster.table.instance(b.incarnation()).orElseThrow().state())
                .as("judged like any other")
                .isEqualTo(InstanceRow.State.DEAD);
    }

    @Test
    void whoIsStartedAgainHasItsRangesWhenItsFormerLifeIsOver() {
        cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(A_WHILE);
        b.left = true; // killed
        b.held.clear();
        cluster.pass(Duration.ofSeconds(1));
        FakeNode again = cluster.add("b");
        cluster.pass(Duration.ofSeconds(4));
        assertThat(again.held).as("nobody has proven anything").isEmpty();

        cluster.table.declareDead(
                again.incarnation(),
                b.incarnation(),
                cluster.table.instance(b.incarnation()).orElseThrow().heartbeat());
        cluster.pass(FakeCluster.SETTINGS.renew());

        hasExactlyItsOwn(again);
    }

    @Test
    void whoIsStartedAgainAfterAStopNeedNotWaitForTheTtl() {
        cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(A_WHILE);
        b.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(3));
        assertThat(b.left).isTrue();
        assertThat(b.eventsWith("lost")).allMatch(event -> event.endsWith("released"));
        FakeNode again = cluster.add("b");

        cluster.pass(Duration.ofSeconds(4)); // this cluster's threads do not signal each other

        hasExactlyItsOwn(again);
    }

    /// By a mistake of configuration. The invariants are [FakeCluster]'s.
    @Test
    void aSecondProcessOfTheSameNameTakesNothingFromTheFirst() {
        FakeNode a = cluster.add("a");
        cluster.pass(A_WHILE);
        FakeNode twin = cluster.add("a");

        for (int i = 0; i < 30; i++) {
            for (FakeNode each : List.of(a, twin))
                for (Lease lease : List.copyOf(each.held.values())) each.write(lease, Duration.ofMillis(300));
            cluster.pass(Duration.ofSeconds(1));
        }
        hasExactlyItsOwn(a);
        assertThat(twin.held).isEmpty();

        a.paused = true;
        cluster.pass(TTL.plus(A_WHILE));
        hasExactlyItsOwn(twin);
        a.paused = false;
        cluster.pass(TTL.plus(A_WHILE));

        hasExactlyItsOwn(twin);
        assertThat(a.held).isEmpty();
    }

    @Test
    void aDrainIsDoneAtOnceAndMovesNothing() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(A_WHILE);

        var drained = a.keeper.drain();
        cluster.pass(A_WHILE);

        assertThat(drained).isCompleted();
        assertThat(a.keeper.state()).isEqualTo(LeaseKeeper.State.LEAVING);
        hasExactlyItsOwn(a);
        hasExactlyItsOwn(b);
        a.keeper.undrain();
        cluster.pass(A_WHILE);
        assertThat(a.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
    }

    @Test
    void wishesAreTakenBack() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(A_WHILE);
        var why = new Decision("a test", "it wants to");
        List<Lease> held = List.copyOf(a.held.values());
        Lease first = held.getFirst();
        Lease second = held.getLast();
        assertThat(cluster.table.wish(first.range(), first.epoch(), new Wish.Move(b.incarnation()), why))
                .isTrue();
        long middle = (second.keys().lo() + second.keys().hi()) / 2;
        assertThat(cluster.table.wish(second.range(), second.epoch(), new Wish.Split(middle), why))
                .isTrue();

        cluster.pass(A_WHILE);

        assertThat(cluster.rows()).hasSize(RANGES).noneMatch(RangeRow::isWished);
        hasExactlyItsOwn(a);
    }

    /// While a fleet is switched over: what somebody was given in the other way, it serves until it ends.
    @Test
    void whatALeasedInstanceHandsOverIsServed() {
        cluster.settings = FakeCluster.SETTINGS;
        FakeNode leased = cluster.add("b");
        cluster.pass(A_WHILE);
        cluster.settings = FakeCluster.SETTINGS.with(AB);
        FakeNode a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(10));
        leased.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(10));
        assertThat(a.held).hasSize(RANGES);

        a.keeper.beginToLeave();
        cluster.pass(A_WHILE);
        FakeNode again = cluster.add("a");
        cluster.pass(A_WHILE);

        hasExactlyItsOwn(again);
    }
}
