package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;

/// What every [LeaseTable] promises about planned moves.
public abstract class HandOverContract extends HeartbeatContract {
    private static final Decision WHY = new Decision("a test", "it wants to");

    @Test
    void offerShowsInTheRowAndChangesNeitherOwnerNorEpoch() {
        Incarnation a = registerWithRanges("a", 2);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        long before = version();

        assertThat(offer(lease, b)).isTrue();

        RangeRow row = table().rangesSince(before).ranges().get(0);
        assertThat(row.range()).isEqualTo(lease.range());
        assertThat(row.target()).isEqualTo(b);
        assertThat(row.owner()).isEqualTo(a);
        assertThat(row.epoch()).isEqualTo(lease.epoch());
    }

    @Test
    void offerOfAFormerEpochIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        table().selfClaim(a, java.util.Set.of(lease.tenure()));

        assertThat(offer(lease, b)).isFalse();
        assertThat(row(lease.range()).target()).isNull();
    }

    @Test
    void secondOfferIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Incarnation c = register("c");
        Lease lease = claimOne(a);
        offer(lease, b);

        assertThat(offer(lease, c)).isFalse();
        assertThat(row(lease.range()).target()).isEqualTo(b);
    }

    @Test
    void nothingIsOfferedToTheDeadOrLeavingOrToOneself() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation dead = register("dead");
        Incarnation leaving = register("leaving");
        table().declareDead(a, dead, 0);
        table().leave(leaving);
        Lease lease = claimOne(a);

        assertThat(offer(lease, dead)).isFalse();
        assertThat(offer(lease, leaving)).isFalse();
        assertThat(offer(lease, a)).isFalse();
        assertThat(row(lease.range()).target()).isNull();
    }

    @Test
    void cancelledOfferIsGone() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        long before = version();

        table().cancelWish(lease.range(), lease.epoch());

        RangeRow row = table().rangesSince(before).ranges().get(0);
        assertThat(row.target()).isNull();
        assertThat(row.epoch()).isEqualTo(lease.epoch());
        assertThat(table().handOver(lease.tenure(), b, HandedAlong.NOTHING)).isEmpty();
        assertThat(offer(lease, b)).isTrue();
    }

    @Test
    void cancellingWithAnotherEpochChangesNothing() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);

        table().cancelWish(lease.range(), new Epoch(lease.epoch().value() - 1));

        assertThat(row(lease.range()).target()).isEqualTo(b);
    }

    @Test
    void cancellingWhereNothingIsOfferedRaisesNoVersion() {
        Incarnation a = registerWithRanges("a", 1);
        Lease lease = claimOne(a);
        long before = version();

        table().cancelWish(lease.range(), lease.epoch());

        assertThat(version()).isEqualTo(before);
    }

    @Test
    void handOverMakesTheTargetTheOwnerWithTheNextEpoch() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);

        Epoch next = new Epoch(lease.epoch().value() + 1);
        assertThat(table().handOver(lease.tenure(), b, HandedAlong.NOTHING)).contains(next);

        RangeRow row = row(lease.range());
        assertThat(row.owner()).isEqualTo(b);
        assertThat(row.epoch()).isEqualTo(next);
        assertThat(row.target()).isNull();
        assertThat(row.version()).isEqualTo(version());
    }

    @Test
    void whatIsHandedAlongIsForTheNextTenureAlone() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        var along = new HandedAlong(Map.of("one", "{\"lat\":1.5}", "two", "{}"), List.of("one", "two", "three"));

        Epoch next = table().handOver(lease.tenure(), b, along).orElseThrow();

        var tenure = new Tenure(lease.range(), next, b);
        HandedAlong arrived = table().handedAlong(tenure);
        assertThat(arrived.states()).isEqualTo(along.states());
        assertThat(arrived.live()).containsExactlyInAnyOrderElementsOf(along.live());
        assertThat(table().handedAlong(lease.tenure())).isEqualTo(HandedAlong.NOTHING);
        Lease raised = table().selfClaim(b, Set.of(tenure)).getFirst();
        assertThat(table().handedAlong(raised.tenure()))
                .as("a later epoch of the same owner")
                .isEqualTo(HandedAlong.NOTHING);
    }

    @Test
    void aRefusedHandOverLeavesNothingBehind() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        var lost = new HandedAlong(Map.of("one", "{}"), List.of("one"));
        assertThat(table().handOver(lease.tenure(), b, lost)).isEmpty();

        table().declareDead(b, a, 0);
        Lease claimed = claimOne(b);

        assertThat(table().handedAlong(claimed.tenure())).isEqualTo(HandedAlong.NOTHING);
    }

    @Test
    void theNextHandOverForgetsWhatTheOneBeforeBrought() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        Epoch next = table().handOver(lease.tenure(), b, new HandedAlong(Map.of("one", "{}"), List.of()))
                .orElseThrow();
        var tenure = new Tenure(lease.range(), next, b);
        assertThat(table().wish(lease.range(), next, new Wish.Move(a), WHY)).isTrue();

        Epoch last = table().handOver(tenure, a, HandedAlong.NOTHING).orElseThrow();

        assertThat(table().handedAlong(new Tenure(lease.range(), last, a))).isEqualTo(HandedAlong.NOTHING);
        assertThat(table().handedAlong(tenure)).isEqualTo(HandedAlong.NOTHING);
    }

    @Test
    void handOverHappensOnce() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        table().handOver(lease.tenure(), b, HandedAlong.NOTHING);
        long before = version();

        assertThat(table().handOver(lease.tenure(), b, HandedAlong.NOTHING)).isEmpty();
        assertThat(version()).isEqualTo(before);
    }

    @Test
    void handOverWithoutAnOfferIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);

        assertHandOverRefused(lease, b);
    }

    @Test
    void handOverToAnotherThanTheTargetIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Incarnation c = register("c");
        Lease lease = claimOne(a);
        offer(lease, b);

        assertHandOverRefused(lease, c);
    }

    @Test
    void handOverToTheDeadIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        table().declareDead(a, b, 0);

        assertHandOverRefused(lease, b);
    }

    @Test
    void handOverToALeavingInstanceIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        table().leave(b);

        assertHandOverRefused(lease, b);
    }

    @Test
    void handOverByTheDeadIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);
        table().declareDead(b, a, 0);

        assertHandOverRefused(lease, b);
    }

    @Test
    void handOverByALeavingInstanceIsDone() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        table().leave(a);

        assertThat(offer(lease, b)).isTrue();
        assertThat(table().handOver(lease.tenure(), b, HandedAlong.NOTHING)).isPresent();
    }

    @Test
    void handOverUnderAFormerEpochIsRefused() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease former = claimOne(a);
        Lease lease = table().selfClaim(a, java.util.Set.of(former.tenure())).get(0);
        offer(lease, b);

        assertThat(table().handOver(former.tenure(), b, HandedAlong.NOTHING)).isEmpty();
        assertThat(row(lease.range()).owner()).isEqualTo(a);
    }

    @Test
    void nobodyHandsOverWhatAnotherHolds() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);

        assertThat(table().handOver(new Tenure(lease.range(), lease.epoch(), b), b, HandedAlong.NOTHING))
                .isEmpty();
        assertThat(row(lease.range()).owner()).isEqualTo(a);
    }

    @Test
    void whatADeadOwnerOfferedIsClaimedByTheTargetAlone() {
        Incarnation a = registerWithRanges("a", 3);
        Incarnation b = register("b");
        Incarnation c = register("c");
        Lease offered = claim(a, 3).get(0);
        offer(offered, b);
        table().declareDead(c, a, 0);

        assertThat(claim(c, 3)).hasSize(2).noneMatch(lease -> lease.range().equals(offered.range()));
        Lease taken = claim(b, 0).get(0);
        assertThat(taken.range()).isEqualTo(offered.range());
        assertThat(taken.epoch().isAfter(offered.epoch())).isTrue();
        assertThat(row(offered.range()).target()).isNull();
    }

    @Test
    void whatADeadOwnerOfferedToNobodyAliveIsClaimedByAnyone() {
        Incarnation a = registerWithRanges("a", 2);
        Incarnation b = register("b");
        Incarnation c = register("c");
        Incarnation d = register("d");
        var leases = claim(a, 2);
        offer(leases.get(0), b);
        offer(leases.get(1), c);
        table().declareDead(d, a, 0);
        table().declareDead(d, b, 0);
        table().leave(c);

        assertThat(claim(d, 2)).hasSize(2);
    }

    @Test
    void whatALivingOwnerOffersIsNotClaimedByTheTarget() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        Lease lease = claimOne(a);
        offer(lease, b);

        assertThat(claim(b, 1)).isEmpty();
        assertThat(row(lease.range()).owner()).isEqualTo(a);
    }

    private boolean offer(Lease lease, Incarnation target) {
        return table().wish(lease.range(), lease.epoch(), new Wish.Move(target), WHY);
    }

    private void assertHandOverRefused(Lease lease, Incarnation target) {
        RangeRow before = row(lease.range());
        long version = version();

        assertThat(table().handOver(lease.tenure(), target, HandedAlong.NOTHING))
                .isEmpty();
        assertThat(row(lease.range())).isEqualTo(before);
        assertThat(version()).isEqualTo(version);
    }
}
