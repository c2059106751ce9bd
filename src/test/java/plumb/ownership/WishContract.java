package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;
import plumb.keyspace.Tenure;

/// What is wished of ranges, and how their bounds change.
public abstract class WishContract extends HandOverContract {
    private static final Decision WHY = new Decision("a test", "it wants to");
    private static final long HALF = Slot.SPACE / 2;

    @Test
    void aWishStandsInTheRowUntilItIsCancelled() {
        Incarnation a = registerWithRanges("a", 1);
        Lease lease = claimOne(a);

        assertThat(wish(lease, new Wish.Split(7))).isTrue();
        assertThat(row(lease.range()).splitAt()).isEqualTo(7);
        assertThat(row(lease.range()).version()).isEqualTo(version());
        assertThat(wish(lease, new Wish.Split(8))).as("one at a time").isFalse();
        assertThat(offer(lease, register("b"))).isFalse();

        table().cancelWish(lease.range(), lease.epoch());
        assertThat(row(lease.range()).isWished()).isFalse();
        assertThat(wish(lease, new Wish.Split(8))).isTrue();
    }

    @Test
    void aWishedMoveIsAnOffer() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);

        assertThat(wish(lease, new Wish.Move(b))).isTrue();

        assertThat(row(lease.range()).target()).isEqualTo(b);
        assertThat(table().handOver(lease.tenure(), b, HandedAlong.NOTHING)).isPresent();
    }

    @Test
    void whatCannotBeIsNotWished() {
        Incarnation a = registerWithRanges("a", 2);
        Incarnation gone = register("b");
        table().leave(gone);
        assertThat(table().wish(new RangeId(99_999), new Epoch(1), new Wish.Merge(), WHY))
                .isFalse();
        RangeRow unowned = table().rangesSince(0).ranges().getFirst();
        assertThat(table().wish(unowned.range(), unowned.epoch(), new Wish.Split(7), WHY))
                .isFalse();
        Lease lease = claim(a, 2).stream()
                .filter(one -> one.keys().lo() == 0)
                .findFirst()
                .orElseThrow();

        assertThat(wish(lease, new Wish.Split(0))).isFalse();
        assertThat(wish(lease, new Wish.Split(lease.keys().hi()))).isFalse();
        assertThat(wish(lease, new Wish.Move(a))).isFalse();
        assertThat(wish(lease, new Wish.Move(gone))).isFalse();
        assertThat(table().wish(lease.range(), new Epoch(lease.epoch().value() - 1), new Wish.Split(7), WHY))
                .isFalse();
        assertThat(row(lease.range()).isWished()).isFalse();
    }

    @Test
    void onlyNeighboursOfOneOwnerAreWishedToMerge() {
        Incarnation a = registerWithRanges("a", 2);
        claimOne(a);
        Lease last = table().rangesSince(0).ranges().stream()
                .filter(row -> a.equals(row.owner()))
                .map(row -> new Lease(row.range(), row.domain(), row.keys(), row.epoch(), a))
                .findFirst()
                .orElseThrow();
        assertThat(wish(last, new Wish.Merge())).isFalse();

        Lease first = claimOne(a);
        Lease low = first.keys().lo() == 0 ? first : last;
        Lease high = low.equals(first) ? last : first;
        assertThat(wish(high, new Wish.Merge())).as("nothing follows it").isFalse();
        assertThat(wish(low, new Wish.Merge())).isTrue();
    }

    @Test
    void aSplitMakesTwoUnderHigherEpochs() {
        Incarnation a = registerWithRanges("a", 1);
        Lease lease = claimOne(a);
        wish(lease, new Wish.Split(HALF));
        long before = version();
        var along = new HandedAlong(Map.of("one", "1", "two", "2", "three", "3"), List.of("one", "four"));

        List<Lease> halves = table().split(lease.tenure(), HALF, along);

        assertThat(halves)
                .extracting(Lease::keys)
                .containsExactly(new KeyRange(0, HALF), new KeyRange(HALF, Slot.SPACE));
        assertThat(halves).allMatch(half -> half.epoch().isAfter(lease.epoch()));
        assertThat(halves.getFirst().range()).isEqualTo(lease.range());
        assertThat(tenures(halves)).isEqualTo(ownedBy(a));
        assertThat(table().rangesSince(before).ranges()).hasSize(2).noneMatch(RangeRow::isWished);
        for (Lease half : halves) {
            HandedAlong part = table().handedAlong(half.tenure());
            assertThat(part.states()).isEqualTo(along.within(half.keys()).states());
            assertThat(part.live()).containsAll(along.within(half.keys()).live());
        }
        assertThat(table().split(lease.tenure(), HALF, along)).as("once").isEmpty();
    }

    @Test
    void whatIsNotWishedAnyMoreIsNotDone() {
        Incarnation a = registerWithRanges("a", 2);
        List<Lease> leases = claim(a, 2).stream()
                .sorted((one, other) ->
                        Long.compare(one.keys().lo(), other.keys().lo()))
                .toList();
        Lease low = leases.getFirst();
        Lease high = leases.getLast();
        assertThat(table().split(low.tenure(), 7, HandedAlong.NOTHING)).isEmpty();
        wish(low, new Wish.Split(7));
        assertThat(table().split(low.tenure(), 8, HandedAlong.NOTHING)).isEmpty();
        table().cancelWish(low.range(), low.epoch());
        assertThat(table().split(low.tenure(), 7, HandedAlong.NOTHING)).isEmpty();

        assertThat(table().merge(low.tenure(), high.tenure(), HandedAlong.NOTHING))
                .isEmpty();
        wish(low, new Wish.Merge());
        wish(high, new Wish.Split(HALF + 7));
        assertThat(table().merge(low.tenure(), high.tenure(), HandedAlong.NOTHING))
                .as("the other one has a wish of its own")
                .isEmpty();
        assertThat(ownedBy(a)).isEqualTo(tenures(leases));
    }

    @Test
    void theDeadChangeNoBounds() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        wish(lease, new Wish.Split(7));
        table().declareDead(b, a, 0);

        assertThat(table().split(lease.tenure(), 7, HandedAlong.NOTHING)).isEmpty();
        assertThat(row(lease.range()).keys()).isEqualTo(KeyRange.ALL);
    }

    @Test
    void aClaimEndsTheWish() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        wish(lease, new Wish.Split(7));
        table().declareDead(b, a, 0);

        claimOne(b);

        assertThat(row(lease.range()).isWished()).isFalse();
    }

    @Test
    void aMergeMakesOneUnderAnEpochAboveBoth() {
        Incarnation a = registerWithRanges("a", 1);
        Lease whole = claimOne(a);
        wish(whole, new Wish.Split(HALF));
        List<Lease> halves = table().split(whole.tenure(), HALF, HandedAlong.NOTHING);
        Tenure high = halves.getLast().tenure();
        Lease raised = table().selfClaim(a, Set.of(high)).getFirst();
        assertThat(wish(halves.getFirst(), new Wish.Merge())).isTrue();
        var along = new HandedAlong(Map.of("one", "1"), List.of("two"));

        Lease merged = table().merge(halves.getFirst().tenure(), raised.tenure(), along)
                .orElseThrow();

        assertThat(merged.keys()).isEqualTo(KeyRange.ALL);
        assertThat(merged.range()).isEqualTo(whole.range());
        assertThat(merged.epoch().isAfter(raised.epoch())).isTrue();
        assertThat(ownedBy(a)).containsExactly(merged.tenure());
        assertThat(table().handedAlong(merged.tenure()).states()).isEqualTo(along.states());
        assertThat(table().handedAlong(merged.tenure()).live()).contains("two");
    }

    @Test
    void aPinStaysUntilItIsTakenOut() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);

        assertThat(table().pin(lease.range(), new Epoch(0), true, WHY)).isFalse();
        assertThat(table().pin(lease.range(), lease.epoch(), true, WHY)).isTrue();
        assertThat(row(lease.range()).pinned()).isTrue();
        assertThat(row(lease.range()).epoch()).isEqualTo(lease.epoch());
        offer(lease, b);
        Epoch next = table().handOver(lease.tenure(), b, HandedAlong.NOTHING).orElseThrow();

        assertThat(table().pin(lease.range(), next, false, WHY)).isTrue();
        assertThat(row(lease.range()).pinned()).isFalse();
    }

    private boolean wish(Lease lease, Wish wish) {
        return table().wish(lease.range(), lease.epoch(), wish, WHY);
    }

    private boolean offer(Lease lease, Incarnation target) {
        return table().wish(lease.range(), lease.epoch(), new Wish.Move(target), WHY);
    }
}
