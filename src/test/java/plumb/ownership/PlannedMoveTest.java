package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.KeyRange;

/// Ranges that go from one live instance to another: offered, drained, flipped, and never without an owner.
class PlannedMoveTest {
    private static final int RANGES = 12;
    private static final Decision WHY = new Decision("a test", "it wants to");

    private final FakeCluster cluster = new FakeCluster(RANGES);
    private final FakeNode a = cluster.add("a");

    @BeforeEach
    void aHasEverything() {
        cluster.pass(Duration.ofSeconds(3));
        assertThat(a.held).hasSize(RANGES);
        cluster.everyRangeHasAnOwner = true;
    }

    @Test
    void newcomersGetTheirFairShare() {
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(10));
        assertThat(b.held).hasSize(RANGES / 2);

        FakeNode c = cluster.add("c");
        cluster.pass(Duration.ofSeconds(10));

        assertThat(List.of(a.held.size(), b.held.size(), c.held.size())).containsOnly(RANGES / 3);
        assertThat(a.eventsWith("lost")).isNotEmpty().allMatch(event -> event.endsWith("handed-over"));
        assertThat(cluster.table.history())
                .as("one claim, then only flips")
                .extracting(InMemoryLeaseTable.Grant::reason)
                .filteredOn("hand-over"::equals)
                .hasSize(RANGES / 2 + RANGES / 3);
    }

    @Test
    void aRangeIsHandedOverOnlyAfterItsDrain() {
        a.drainTakes = Duration.ofSeconds(8);
        FakeNode b = cluster.add("b");

        cluster.pass(Duration.ofSeconds(7));
        assertThat(b.held).isEmpty();
        assertThat(a.held).hasSize(RANGES);

        cluster.pass(Duration.ofSeconds(10));
        assertThat(b.held).hasSize(RANGES / 2);
    }

    @Test
    void aDrainThatTakesTooLongIsGivenUp() {
        a.drainTakes = Duration.ofHours(1);
        cluster.add("b");

        cluster.pass(FakeCluster.SETTINGS.drainTimeout().plusSeconds(4));

        assertThat(a.eventsWith("undrain")).hasSize(RANGES / 2);
        assertThat(a.held).hasSize(RANGES);
        assertThat(a.eventsWith("lost")).isEmpty();
    }

    @Test
    void aTargetOutOfItsPeersReachGetsNothingAlthoughItRenews() {
        a.drainTakes = Duration.ofSeconds(1);
        FakeNode b = cluster.add("b");
        b.deaf = true;

        cluster.pass(Duration.ofSeconds(10));
        assertThat(b.held).isEmpty();
        assertThat(a.held).hasSize(RANGES);
        assertThat(a.parked).isEmpty();

        b.deaf = false;
        cluster.pass(Duration.ofSeconds(8));
        assertThat(b.held).hasSize(RANGES / 2);
    }

    /// Nobody waits for the TTL, or for the whole drain: whoever is silent for a few renewals gets nothing.
    @Test
    void aMoveEndsWhenItsTargetFallsSilent() {
        a.drainTakes = Duration.ofSeconds(12);
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(3));
        int begun = a.eventsWith("drain ").size();
        assertThat(begun).isPositive();

        b.paused = true;
        cluster.pass(FakeCluster.SETTINGS.gap().plusSeconds(2));

        assertThat(a.eventsWith("undrain")).hasSize(begun);
        assertThat(cluster.rows()).allMatch(row -> row.target() == null);
        cluster.pass(Duration.ofSeconds(20));
        assertThat(a.held).hasSize(RANGES);
    }

    @Test
    void aFlipThatWasAppliedWithoutAnAnswerIsSeenInTheRow() {
        FakeNode b = cluster.add("b");
        a.database.loseAnswerOf = "handOver";

        cluster.pass(Duration.ofSeconds(10));

        assertThat(b.held).hasSize(RANGES / 2);
        assertThat(a.eventsWith("undrain")).isEmpty();
        assertThat(a.eventsWith("taken")).hasSize(1);
    }

    @Test
    void aFlipThatWasNotAppliedLeavesTheRangeWhereItIs() {
        FakeNode b = cluster.add("b");
        a.database.loseCallOf = "handOver";

        cluster.pass(Duration.ofSeconds(10));

        assertThat(a.eventsWith("undrain")).hasSize(1);
        assertThat(a.eventsWith("taken")).isEmpty();
        assertThat(b.held).as("tried again").hasSize(RANGES / 2);
    }

    /// The database goes away with the flip under way: parked until it is back and the row has been read.
    @Test
    void aFlipInDoubtStaysParkedUntilTheRowIsRead() {
        FakeNode b = cluster.add("b");
        while (a.eventsWith("drain ").isEmpty()) {
            a.database.loseAnswerOf = "handOver";
            cluster.pass(Duration.ofMillis(50));
        }
        while (a.database.loseAnswerOf != null) cluster.pass(Duration.ofMillis(50));
        a.cutOff = true;

        cluster.pass(Duration.ofSeconds(6));
        assertThat(a.eventsWith("undrain")).isEmpty();
        assertThat(a.held).hasSizeGreaterThan(b.held.size());

        a.cutOff = false;
        cluster.pass(Duration.ofSeconds(15));
        assertThat(a.eventsWith("taken")).hasSize(1);
        assertThat(a.held).hasSize(RANGES / 2);
    }

    @Test
    void anOfferThatIsCancelledMeanwhileLeavesTheRangeWhereItIs() {
        FakeNode b = cluster.add("b");
        a.drainTakes = Duration.ofSeconds(2);
        while (a.eventsWith("drain ").isEmpty()) cluster.pass(Duration.ofMillis(50));

        cluster.rows().forEach(row -> cluster.table.cancelWish(row.range(), row.epoch()));
        cluster.pass(Duration.ofSeconds(2));
        assertThat(a.eventsWith("undrain")).isNotEmpty();
        assertThat(b.held).isEmpty();

        cluster.pass(Duration.ofSeconds(15));
        assertThat(b.held).as("tried again").hasSize(RANGES / 2);
    }

    @Test
    void aPersonsOfferIsCarriedOut() {
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(10));
        Lease lease = a.keeper.leases().getFirst();

        assertThat(cluster.table.wish(lease.range(), lease.epoch(), new Wish.Move(b.incarnation()), WHY))
                .isTrue();
        cluster.pass(Duration.ofSeconds(1));

        assertThat(b.eventsWith("granted " + lease.range() + " ")).hasSize(1);
    }

    @Test
    void whoIsGivenToWhileItLeavesPassesOn() {
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(10));
        FakeNode c = cluster.add("c");
        cluster.pass(Duration.ofSeconds(1));

        b.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(10));

        assertThat(b.left).isTrue();
        assertThat(b.eventsWith("released")).isEmpty();
        assertThat(a.held).hasSize(RANGES / 2);
        assertThat(c.held).hasSize(RANGES / 2);
    }

    @Test
    void whatIsWishedOfARangeItsOwnerDoes() {
        RangeRow first = cluster.rows().getFirst();
        long middle = first.keys().hi() / 2;
        wish(first, new Wish.Split(middle));
        cluster.pass(Duration.ofSeconds(2));

        assertThat(a.held).hasSize(RANGES + 1);
        RangeRow half = cluster.rows().getFirst();
        assertThat(half.keys()).isEqualTo(new KeyRange(0, middle));

        wish(half, new Wish.Merge());
        cluster.pass(Duration.ofSeconds(2));

        assertThat(a.held).hasSize(RANGES);
        assertThat(cluster.rows().getFirst().keys()).isEqualTo(first.keys());
        assertThat(a.eventsWith("lost"))
                .extracting(event -> event.substring(event.lastIndexOf(' ') + 1))
                .containsExactly("split", "merged", "merged");
    }

    @Test
    void aSplitWhoseDrainTakesTooLongIsGivenUp() {
        a.drainTakes = Duration.ofHours(1);
        wish(cluster.rows().getFirst(), new Wish.Split(7));

        cluster.pass(FakeCluster.SETTINGS.drainTimeout().plusSeconds(4));

        assertThat(a.held).hasSize(RANGES);
        assertThat(cluster.rows()).noneMatch(RangeRow::isWished);
        assertThat(a.eventsWith("undrain")).hasSize(1);
        assertThat(a.parked).isEmpty();
    }

    @Test
    void aSplitWhoseAnswerIsLostIsFoundInTheRows() {
        a.database.loseAnswerOf = "split";
        wish(cluster.rows().getFirst(), new Wish.Split(7));

        cluster.pass(Duration.ofSeconds(5));

        assertThat(a.held).hasSize(RANGES + 1);
        assertThat(a.eventsWith("lost")).allMatch(event -> event.endsWith("taken"));
    }

    @Test
    void aPinnedRangeIsNotSurplus() {
        for (RangeRow row : cluster.rows()) cluster.table.pin(row.range(), row.epoch(), true, WHY);
        FakeNode b = cluster.add("b");

        cluster.pass(Duration.ofSeconds(10));

        assertThat(b.held).isEmpty();
        a.keeper.drain();
        cluster.pass(Duration.ofSeconds(10));
        assertThat(b.held).as("who leaves cannot keep it").hasSize(RANGES);
    }

    private void wish(RangeRow row, Wish wish) {
        assertThat(cluster.table.wish(row.range(), row.epoch(), wish, WHY)).isTrue();
    }
}
