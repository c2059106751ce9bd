package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An instance that is to own nothing, and one that may again.
class InstanceDrainTest {
    private static final int RANGES = 12;
    private static final Duration A_WHILE = Duration.ofSeconds(15);

    private final FakeCluster cluster = new FakeCluster(RANGES);
    private final FakeNode a = cluster.add("a");
    private final FakeNode b = cluster.add("b");

    @BeforeEach
    void eachHasItsShare() {
        cluster.pass(A_WHILE);
        assertThat(List.of(a.held.size(), b.held.size())).containsOnly(RANGES / 2);
        cluster.everyRangeHasAnOwner = true;
    }

    @Test
    void itGivesEverythingToLivePeersAndStaysAMember() {
        var drained = a.keeper.drain();
        cluster.pass(A_WHILE);

        assertThat(drained).isCompleted();
        assertThat(b.held).hasSize(RANGES);
        assertThat(a.keeper.state()).isEqualTo(LeaseKeeper.State.LEAVING);
        assertThat(a.keeper.incarnation()).isPresent();
        assertThat(a.eventsWith("lost")).isNotEmpty().allMatch(event -> event.endsWith("handed-over"));
    }

    /// Requests wait for the last one's change of all that are drained at once.
    @Test
    void theSlowerTheDatabaseTheFewerRangesAreDrainedAtOnce() {
        var large = new FakeCluster(40);
        FakeNode leaving = large.add("leaving");
        large.pass(A_WHILE);
        large.add("other");
        leaving.database.each =
                () -> large.elapsedNanos += Duration.ofMillis(60).toNanos();
        leaving.events.clear();
        var drained = leaving.keeper.drain();
        large.pass(A_WHILE);

        assertThat(drained).isCompleted();
        assertThat(mostAtOnce(leaving.events)).isBetween(2, 4);
    }

    private static int mostAtOnce(List<String> events) {
        int now = 0;
        int most = 0;
        for (String event : events) {
            if (event.startsWith("drain ")) now++;
            if (event.startsWith("lost ")) now--;
            most = Math.max(most, now);
        }
        return most;
    }

    @Test
    void leavingInstanceGetsNoRange() {
        a.keeper.drain();
        cluster.pass(A_WHILE);
        b.paused = true; // and is declared dead

        cluster.everyRangeHasAnOwner = false;
        cluster.pass(Duration.ofSeconds(30));
        FakeNode c = cluster.add("c");
        cluster.pass(Duration.ofSeconds(30));

        assertThat(a.held).isEmpty();
        assertThat(c.held).hasSize(RANGES);
    }

    @Test
    void undrainedItGetsItsShareAgain() {
        var drained = a.keeper.drain();
        cluster.pass(A_WHILE);
        a.keeper.undrain();
        cluster.pass(A_WHILE);

        assertThat(drained).isCompleted();
        assertThat(a.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
        assertThat(List.of(a.held.size(), b.held.size())).containsOnly(RANGES / 2);
    }

    @Test
    void anUndrainOnTheWayEndsTheWait() {
        a.drainTakes = Duration.ofSeconds(5);
        var drained = a.keeper.drain();
        cluster.pass(Duration.ofSeconds(1));
        a.keeper.undrain();
        cluster.pass(A_WHILE);

        assertThat(drained).isCompletedExceptionally();
        assertThat(List.of(a.held.size(), b.held.size())).containsOnly(RANGES / 2);
    }

    @Test
    void whatNobodyTakesItKeepsAndServes() {
        b.keeper.stop();
        b.left = true;
        cluster.pass(A_WHILE);
        assertThat(a.held).hasSize(RANGES);

        var drained = a.keeper.drain();
        cluster.pass(A_WHILE);

        assertThat(drained).isNotDone();
        assertThat(a.held).hasSize(RANGES);
        assertThat(a.parked).isEmpty();
        cluster.add("c");
        cluster.pass(A_WHILE);
        assertThat(drained).isCompleted();
    }

    @Test
    void fencedWhileItDrainsItIsStillDrained() {
        a.keeper.drain();
        cluster.pass(A_WHILE);
        cluster.table.declareDead(
                b.incarnation(),
                a.incarnation(),
                cluster.table.instance(a.incarnation()).orElseThrow().heartbeat());
        cluster.pass(Duration.ofSeconds(30));

        assertThat(a.eventsWith("registered")).hasSize(2);
        assertThat(a.held).isEmpty();
        assertThat(cluster.table.instance(a.incarnation()).orElseThrow().state())
                .isEqualTo(InstanceRow.State.LEAVING);
    }

    @Test
    void aStopAfterADrainHasNothingLeftToDo() {
        a.keeper.drain();
        cluster.pass(A_WHILE);
        a.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(2));

        assertThat(a.left).isTrue();
        assertThat(a.keeper.incarnation()).isEmpty();
    }

    @Test
    void hopsOncePerDeploy() {
        FakeNode c = cluster.add("c");
        cluster.pass(A_WHILE);
        int before = cluster.table.history().size();
        int number = 0;
        for (FakeNode old : List.of(a, b, c)) {
            old.keeper.drain();
            cluster.pass(A_WHILE);
            old.keeper.beginToLeave();
            cluster.pass(Duration.ofSeconds(2));
            cluster.addOfVersion("2.0", "new-" + number++);
            cluster.pass(A_WHILE);
        }

        long moves = cluster.table.history().stream()
                .skip(before)
                .filter(grant -> grant.reason().equals("hand-over"))
                .count();
        assertThat(moves)
                .as("each once, those of the first to leave and the last newcomer's share once more")
                .isLessThanOrEqualTo(RANGES + 2 * RANGES / 3);
    }

    @Test
    void aMixOfVersionsThatStaysIsBalanced() {
        FakeNode canary = cluster.addOfVersion("2.0", "canary");
        cluster.pass(A_WHILE);
        assertThat(canary.held).isEmpty();

        cluster.pass(Rollout.LONGEST_STEP);

        assertThat(canary.held).hasSize(RANGES / 3);
    }
}
