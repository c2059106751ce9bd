package plumb.ownership;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.LeaseTable.ClaimResult;

/// What every [LeaseTable] and [Heartbeat] promise. An implementation's test extends this one class; parts of the
/// contract stand in [HeartbeatContract], [HandOverContract] and [LeaseRaceContract]. Each test starts on empty tables.
public abstract class LeaseTableContract extends LeaseRaceContract {
    private static final Decision WHY = new Decision("a test", "it wants to");

    @Test
    void registeredInstanceIsAliveWithHeartbeatZero() {
        Incarnation a = register("a");

        assertThat(table().instance(a)).contains(new InstanceRow(a, info("a"), State.ALIVE, 0));
        assertThat(table().instances()).extracting(InstanceRow::incarnation).containsExactly(a);
    }

    @Test
    void everyRegistrationIsAnotherIncarnation() {
        assertThat(register("a")).isNotEqualTo(register("a"));
    }

    @Test
    void registeringAnewEndsTheFormerLife() {
        Incarnation former = register("a");

        Incarnation next = table().register(info("a"), former);

        assertThat(stateOf(former)).isEqualTo(State.DEAD);
        assertThat(stateOf(next)).isEqualTo(State.ALIVE);
        assertThat(table().instances()).extracting(InstanceRow::incarnation).containsExactly(next);
    }

    @Test
    void unknownInstanceIsEmpty() {
        assertThat(table().instance(new Incarnation(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void evenRangesTileTheKeySpaceAndAreFree() {
        table().createRanges(DOMAIN, "UUID", 7);

        var rows = table().rangesSince(0).ranges();
        assertThat(rows).extracting(RangeRow::keys).containsExactlyInAnyOrderElementsOf(KeyRange.even(7));
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.domain()).isEqualTo(DOMAIN);
            assertThat(row.owner()).isNull();
            assertThat(row.target()).isNull();
        });
    }

    @Test
    void creatingRangesAgainChangesNothing() {
        table().createRanges(DOMAIN, "UUID", 4);
        var before = table().rangesSince(0);

        table().createRanges(DOMAIN, "UUID", 9);

        assertThat(table().rangesSince(0)).isEqualTo(before);
    }

    @Test
    void domainsHaveTheirOwnRanges() {
        table().createRanges(DOMAIN, "UUID", 2);
        table().createRanges("pizzeria", "STRING", 3);

        assertThat(table().rangesSince(0).ranges())
                .filteredOn(row -> row.domain().equals("pizzeria"))
                .hasSize(3);
        assertThat(table().rangesSince(0).ranges()).hasSize(5);
    }

    @Test
    void frozenDomainRefusesAnotherKeyType() {
        table().createRanges(DOMAIN, "UUID", 4);

        assertThatThrownBy(() -> table().createRanges(DOMAIN, "LONG", 4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void claimGrantsUpToTheMaximum() {
        Incarnation a = registerWithRanges("a", 8);

        List<Lease> leases = claim(a, 3);

        assertThat(leases).hasSize(3).doesNotHaveDuplicates();
        assertThat(ownedBy(a)).isEqualTo(tenures(leases));
        for (Lease lease : leases) {
            assertThat(lease.owner()).isEqualTo(a);
            assertThat(lease.domain()).isEqualTo(DOMAIN);
            assertThat(lease.keys()).isEqualTo(row(lease.range()).keys());
        }
    }

    @Test
    void ofChosenRangesOnlyThoseThatAreFreeAreClaimed() {
        Incarnation a = registerWithRanges("a", 6);
        Set<Tenure> held = tenures(claim(a, 2));
        List<RangeId> free = table().rangesSince(0).ranges().stream()
                .filter(row -> row.owner() == null)
                .map(RangeRow::range)
                .toList();
        Incarnation b = register("b");
        var chosen = new HashSet<>(free.subList(0, 2));
        held.forEach(tenure -> chosen.add(tenure.range()));

        var granted = (ClaimResult.Granted) table().claim(b, chosen);

        assertThat(granted.leases()).extracting(Lease::range).containsExactlyInAnyOrderElementsOf(free.subList(0, 2));
        assertThat(ownedBy(b)).isEqualTo(tenures(granted.leases()));
        assertThat(ownedBy(a)).isEqualTo(held);
    }

    @Test
    void chosenRangesOfTheDeadAreClaimedToWhomeverTheyAreOffered() {
        Incarnation a = registerWithRanges("a", 2);
        Lease lease = claim(a, 1).getFirst();
        Incarnation b = register("b");
        Incarnation c = register("c");
        assertThat(table().wish(lease.range(), lease.epoch(), new Wish.Move(c), WHY))
                .isTrue();
        assertThat(table().declareDead(b, a, 0)).isTrue();

        assertThat(table().claim(b, Set.of(lease.range())))
                .isInstanceOfSatisfying(ClaimResult.Granted.class, granted -> {
                    assertThat(granted.leases()).extracting(Lease::range).containsExactly(lease.range());
                    assertThat(granted.leases().getFirst().epoch().isAfter(lease.epoch()))
                            .isTrue();
                });
        assertThat(row(lease.range()).target()).isNull();
    }

    @Test
    void whoIsNotAliveClaimsNoChosenRange() {
        Incarnation a = registerWithRanges("a", 2);
        Set<RangeId> all = table().rangesSince(0).ranges().stream()
                .map(RangeRow::range)
                .collect(java.util.stream.Collectors.toSet());
        table().leave(a);
        assertThat(table().claim(a, all)).isInstanceOf(ClaimResult.Leaving.class);
        Incarnation b = register("b");
        table().declareDead(a, b, 0);

        assertThat(table().claim(b, all)).isInstanceOf(ClaimResult.Fenced.class);
        assertThat(table().rangesSince(0).ranges()).allMatch(row -> row.owner() == null);
    }

    @Test
    void claimRaisesTheEpoch() {
        Incarnation a = registerWithRanges("a", 4);
        Map<RangeId, Epoch> before =
                table().rangesSince(0).ranges().stream().collect(toMap(RangeRow::range, RangeRow::epoch));

        List<Lease> leases = claim(a, 4);

        assertThat(leases)
                .hasSize(4)
                .allSatisfy(lease -> assertThat(lease.epoch().isAfter(before.get(lease.range())))
                        .isTrue());
    }

    @Test
    void rangesOfTheLivingAreNotClaimed() {
        Incarnation a = registerWithRanges("a", 4);
        Set<Tenure> held = tenures(claim(a, 4));
        Incarnation b = register("b");

        assertThat(claim(b, 4)).isEmpty();
        assertThat(ownedBy(a)).isEqualTo(held);
    }

    @Test
    void rangesOfALeavingInstanceAreNotClaimed() {
        Incarnation a = registerWithRanges("a", 4);
        claim(a, 4);
        Incarnation b = register("b");
        table().leave(a);

        assertThat(claim(b, 4)).isEmpty();
    }

    @Test
    void whoStaysClaimsAgain() {
        Incarnation a = registerWithRanges("a", 4);
        table().leave(a);
        assertThat(table().claim(a, 4)).isInstanceOf(LeaseTable.ClaimResult.Leaving.class);

        table().stay(a);

        assertThat(claim(a, 4)).hasSize(4);
    }

    @Test
    void whoJoinsIsNobodyToWhomRangesAreGiven() {
        Incarnation a = registerWithRanges("a", 4);
        Lease lease = claimOne(a);
        Incarnation guest = table().join(info("guest"), null);

        assertThat(stateOf(guest)).isEqualTo(State.LEAVING);
        assertThat(table().claim(guest, 4)).isInstanceOf(ClaimResult.Leaving.class);
        assertThat(table().wish(lease.range(), lease.epoch(), new Wish.Move(guest), WHY))
                .isFalse();

        table().stay(guest);
        assertThat(claim(guest, 4)).hasSize(3);
    }

    @Test
    void whoJoinsAgainEndsItsFormerLife() {
        Incarnation former = register("a");

        Incarnation fresh = table().join(info("a"), former);

        assertThat(stateOf(former)).isEqualTo(State.DEAD);
        assertThat(stateOf(fresh)).isEqualTo(State.LEAVING);
    }

    @Test
    void heartbeatsAreThoseOfTheLivingThatWereAskedFor() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        Incarnation c = register("c");
        heartbeat().renew(a, 0);
        table().declareDead(a, b, 0);

        assertThat(table().heartbeats(Set.of(a, b))).isEqualTo(Map.of(a, 1L));
        assertThat(table().heartbeats(Set.of(c))).isEqualTo(Map.of(c, 0L));
        assertThat(table().heartbeats(Set.of())).isEmpty();
    }

    @Test
    void theDeadDoNotStay() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        table().declareDead(b, a, 0);

        table().stay(a);

        assertThat(table().instance(a).orElseThrow().state()).isEqualTo(InstanceRow.State.DEAD);
    }

    @Test
    void rangesOfTheDeadAreClaimedWithARaisedEpoch() {
        Incarnation a = registerWithRanges("a", 4);
        Map<RangeId, Lease> former = byRange(claim(a, 4));
        Incarnation b = register("b");
        assertThat(table().declareDead(b, a, 0)).isTrue();

        List<Lease> leases = claim(b, 4);

        assertThat(leases).hasSize(4);
        for (Lease lease : leases)
            assertThat(lease.epoch().isAfter(former.get(lease.range()).epoch())).isTrue();
        assertThat(ownedBy(a)).isEmpty();
    }

    @Test
    void claimOfNothingRaisesNoVersion() {
        Incarnation a = registerWithRanges("a", 4);
        claim(a, 4);
        long before = version();

        assertThat(claim(a, 0)).isEmpty();
        assertThat(claim(a, 4)).isEmpty();
        assertThat(version()).isEqualTo(before);
    }

    @Test
    void leavingInstanceClaimsNothing() {
        Incarnation a = registerWithRanges("a", 4);
        claim(a, 1);
        table().leave(a);

        assertThat(table().claim(a, 4)).isInstanceOf(ClaimResult.Leaving.class);
        assertThat(stateOf(a)).isEqualTo(State.LEAVING);
        assertThat(ownedBy(a)).hasSize(1);
    }

    @Test
    void deadInstanceIsFencedWhenItClaims() {
        Incarnation a = registerWithRanges("a", 4);
        Incarnation b = register("b");
        table().declareDead(b, a, 0);

        assertThat(table().claim(a, 4)).isInstanceOf(ClaimResult.Fenced.class);
        assertThat(ownedBy(a)).isEmpty();
    }

    @Test
    void unknownInstanceIsFencedWhenItClaims() {
        registerWithRanges("a", 4);
        var nobody = new Incarnation(UUID.randomUUID());

        assertThat(table().claim(nobody, 4)).isInstanceOf(ClaimResult.Fenced.class);
        assertThat(ownedBy(nobody)).isEmpty();
    }

    @Test
    void deathIsDeclaredOnlyOnTheObservedHeartbeat() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        heartbeat().renew(a, 0);

        assertThat(table().declareDead(b, a, 0)).isFalse();
        assertThat(stateOf(a)).isEqualTo(State.ALIVE);
        assertThat(table().declareDead(b, a, 1)).isTrue();
        assertThat(stateOf(a)).isEqualTo(State.DEAD);
        assertThat(table().instances()).extracting(InstanceRow::incarnation).containsExactly(b);
    }

    @Test
    void deathIsDeclaredOnceAndRaisesTheVersion() {
        Incarnation a = registerWithRanges("a", 1);
        Incarnation b = register("b");
        long before = version();

        assertThat(table().declareDead(b, a, 0)).isTrue();
        assertThat(version()).isGreaterThan(before);
        assertThat(table().declareDead(b, a, 0)).isFalse();
    }

    /// Renewing opens a session of the incarnation.
    @Test
    void aDeathIsConfirmedOnlyWhenNoSessionIsLeft() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        heartbeat().renew(a, 0);

        assertThat(table().confirmDead(b, a, 1)).isFalse();
        assertThat(stateOf(a)).isEqualTo(State.ALIVE);
        heartbeat().close();
        await().atMost(Duration.ofSeconds(10)).until(() -> table().confirmDead(b, a, 1));
        assertThat(stateOf(a)).isEqualTo(State.DEAD);
    }

    @Test
    void aDeathIsConfirmedOnlyOnTheNotedHeartbeatAndOnce() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        long before = version();

        assertThat(table().confirmDead(b, a, 7)).isFalse();
        assertThat(version()).isEqualTo(before);
        assertThat(table().confirmDead(b, a, 0)).isTrue();
        assertThat(version()).isGreaterThan(before);
        assertThat(table().confirmDead(b, a, 0)).isFalse();
    }

    @Test
    void leavingInstanceCanBeDeclaredDead() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        table().leave(a);

        assertThat(table().declareDead(b, a, 0)).isTrue();
        assertThat(stateOf(a)).isEqualTo(State.DEAD);
    }

    @Test
    void leavingDoesNotRaiseTheDead() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        table().declareDead(b, a, 0);

        table().leave(a);

        assertThat(stateOf(a)).isEqualTo(State.DEAD);
    }

    @Test
    void releaseFreesRangesWithARaisedEpoch() {
        Incarnation a = registerWithRanges("a", 4);
        Map<RangeId, Lease> former = byRange(claim(a, 4));
        Incarnation b = register("b");
        long before = version();

        table().release(a);

        assertThat(stateOf(a)).isEqualTo(State.DEAD);
        assertThat(table().rangesSince(before).ranges()).hasSize(4).allSatisfy(row -> {
            assertThat(row.owner()).isNull();
            assertThat(row.epoch().isAfter(former.get(row.range()).epoch())).isTrue();
        });
        assertThat(claim(b, 4)).hasSize(4);
    }

    @Test
    void releaseLeavesOthersAlone() {
        Incarnation a = registerWithRanges("a", 4);
        claim(a, 2);
        Incarnation b = register("b");
        Set<Tenure> held = tenures(claim(b, 2));

        table().release(a);

        assertThat(ownedBy(b)).isEqualTo(held);
    }

    @Test
    void selfClaimRaisesTheEpochsItIsGiven() {
        Incarnation a = registerWithRanges("a", 3);
        List<Lease> leases = claim(a, 3);
        Lease doubtful = leases.get(0);

        List<Lease> next = table().selfClaim(a, Set.of(doubtful.tenure()));

        assertThat(next).hasSize(1);
        Lease renewed = next.get(0);
        assertThat(renewed.range()).isEqualTo(doubtful.range());
        assertThat(renewed.keys()).isEqualTo(doubtful.keys());
        assertThat(renewed.epoch().isAfter(doubtful.epoch())).isTrue();
        assertThat(ownedBy(a))
                .containsExactlyInAnyOrder(
                        renewed.tenure(), leases.get(1).tenure(), leases.get(2).tenure());
    }

    @Test
    void selfClaimOfAnEndedTenureChangesNothing() {
        Incarnation a = registerWithRanges("a", 1);
        Tenure first = claim(a, 1).get(0).tenure();
        Tenure second = table().selfClaim(a, Set.of(first)).get(0).tenure();
        long before = version();

        assertThat(table().selfClaim(a, Set.of(first))).isEmpty();
        assertThat(ownedBy(a)).containsExactly(second);
        assertThat(version()).isEqualTo(before);
    }

    @Test
    void nobodySelfClaimsForAnother() {
        Incarnation a = registerWithRanges("a", 1);
        Tenure held = claim(a, 1).get(0).tenure();
        Incarnation b = register("b");

        assertThat(table().selfClaim(b, Set.of(held))).isEmpty();
        assertThat(ownedBy(a)).containsExactly(held);
    }

    @Test
    void deadInstanceCannotSelfClaim() {
        Incarnation a = registerWithRanges("a", 1);
        Tenure held = claim(a, 1).get(0).tenure();
        Incarnation b = register("b");
        table().declareDead(b, a, 0);

        assertThat(table().selfClaim(a, Set.of(held))).isEmpty();
        assertThat(row(held.range()).epoch()).isEqualTo(held.epoch());
    }

    @Test
    void leavingInstanceMaySelfClaim() {
        Incarnation a = registerWithRanges("a", 1);
        Tenure held = claim(a, 1).get(0).tenure();
        table().leave(a);

        assertThat(table().selfClaim(a, Set.of(held))).hasSize(1);
    }

    @Test
    void everyOwnershipChangeRaisesTheVersion() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        var versions = new java.util.ArrayList<Long>(List.of(version()));
        table().createRanges(DOMAIN, "UUID", 2);
        versions.add(version());
        Lease lease = claim(a, 1).get(0);
        versions.add(version());
        lease = table().selfClaim(a, Set.of(lease.tenure())).get(0);
        versions.add(version());
        table().wish(lease.range(), lease.epoch(), new Wish.Move(b), WHY);
        versions.add(version());
        table().handOver(lease.tenure(), b, HandedAlong.NOTHING);
        versions.add(version());
        table().release(b);
        versions.add(version());

        assertThat(versions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void rangesSinceReturnsExactlyWhatChanged() {
        Incarnation a = registerWithRanges("a", 6);
        long before = version();
        assertThat(table().rangesSince(before).ranges()).isEmpty();

        Set<RangeId> first = byRange(claim(a, 2)).keySet();
        long between = version();
        Set<RangeId> second = byRange(claim(a, 3)).keySet();

        assertThat(rangesSince(before)).containsAll(first).containsAll(second).hasSize(5);
        assertThat(rangesSince(between)).isEqualTo(second);
        assertThat(rangesSince(version())).isEmpty();
        assertThat(rangesSince(0)).hasSize(6);
    }

    @Test
    void rowsCarryTheVersionOfTheirLastChange() {
        Incarnation a = registerWithRanges("a", 2);
        Lease lease = claim(a, 1).get(0);

        assertThat(row(lease.range()).version()).isEqualTo(version());
    }

    @Test
    void anEpochIsGrantedOnce() {
        Incarnation a = registerWithRanges("a", 3);
        var granted = new HashMap<String, Incarnation>();
        for (int life = 0; life < 6; life++) {
            for (Lease lease : claim(a, 3)) grantedOnce(granted, lease);
            for (Lease lease : table().selfClaim(a, ownedBy(a))) grantedOnce(granted, lease);
            Incarnation next = register("next");
            for (Tenure held : ownedBy(a)) {
                table().wish(held.range(), held.epoch(), new Wish.Move(next), WHY);
                Optional<Epoch> epoch = table().handOver(held, next, HandedAlong.NOTHING);
                grantedOnce(granted, new Lease(held.range(), DOMAIN, KeyRange.ALL, epoch.orElseThrow(), next));
                if (life % 2 == 0) break; // the others are released
            }
            table().release(a);
            a = next;
        }
        assertThat(granted).hasSizeGreaterThan(20);
    }

    private static void grantedOnce(Map<String, Incarnation> granted, Lease lease) {
        Incarnation other = granted.putIfAbsent(lease.range() + "@" + lease.epoch(), lease.owner());
        assertThat(other).as("grant of %s", lease).isNull();
    }

    private Set<RangeId> rangesSince(long version) {
        var ids = new HashSet<RangeId>();
        table().rangesSince(version).ranges().forEach(row -> ids.add(row.range()));
        return ids;
    }

    static Map<RangeId, Lease> byRange(List<Lease> leases) {
        return leases.stream().collect(toMap(Lease::range, Function.identity()));
    }
}
