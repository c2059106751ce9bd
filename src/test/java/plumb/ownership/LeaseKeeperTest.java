package plumb.ownership;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;

/// Lives of instances under a clock that the test moves. That no two of them trust the same range is checked at every
/// step.
class LeaseKeeperTest {
    private static final int RANGES = 12;
    private static final Duration TTL = FakeCluster.SETTINGS.ttl();

    private final FakeCluster cluster = new FakeCluster(RANGES);

    @Test
    void theFirstInstanceTakesEverything() {
        FakeNode only = cluster.add("a");

        cluster.pass(Duration.ofSeconds(5));

        assertThat(only.held).hasSize(RANGES);
        assertThat(only.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
        assertThat(only.trust.holds()).isTrue();
    }

    /// One statement for all of them would pass its time-out, again and again.
    @Test
    void thousandsOfRangesAreClaimedInPortionsButWithoutAPause() {
        var large = new FakeCluster(2_300);
        FakeNode only = large.add("a");

        while (only.held.isEmpty()) large.pass(Duration.ofMillis(50));
        assertThat(only.keeper.state()).isEqualTo(LeaseKeeper.State.STARTING);
        large.pass(Duration.ofMillis(200));

        assertThat(only.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
        assertThat(only.held).hasSize(2_300);
        assertThat(large.rows().stream().collect(groupingBy(RangeRow::version, counting())))
                .containsValues(500L, 300L)
                .hasSize(5);
    }

    @Test
    void anOutageOfTheDatabaseIsNoReasonToTakeOver() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
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
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
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
        FakeNode only = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));

        only.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(5));

        assertThat(only.left).isTrue();
        assertThat(only.held).isEmpty();
        assertThat(cluster.rows()).allMatch(row -> row.owner() == null);
    }

    @Test
    void aReclaimEndsTheOldTenureBeforeTheNewOneBegins() {
        FakeNode a = cluster.add("a");
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

    @Test
    void aPausedInstanceTrustsNothingBeforeAnybodyTakesItsRanges() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(30));
        a.paused = true;

        cluster.pass(TTL.minus(FakeCluster.SETTINGS.margin()));
        assertThat(a.trust.holds()).isFalse();
        assertThat(b.held).as("nobody has waited for a full TTL yet").hasSize(RANGES / 2);

        cluster.pass(FakeCluster.SETTINGS.margin().plusSeconds(4));
        assertThat(b.held).hasSize(RANGES);

        a.events.clear();
        a.paused = false;
        cluster.pass(Duration.ofSeconds(1));
        assertThat(a.events.subList(0, RANGES / 2)).allMatch(event -> event.endsWith("fenced"));
        assertThat(a.events.get(RANGES / 2)).as("memory is dropped first").isEqualTo("registered");

        cluster.pass(Duration.ofSeconds(20));
        assertThat(a.held).as("a new life").hasSize(RANGES / 2);
    }

    @Test
    void takeoverWithinTtlPlusOneSecondWheneverTheOwnerStandsStill() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        for (int phase = 0; phase < 40; phase++) {
            cluster.pass(Duration.ofSeconds(30).plusMillis(50 * phase));
            a.paused = true;
            cluster.pass(
                    TTL.plusMillis(400)); // a quarter of what was promised: as long as a glance is rare, and a step
            assertThat(b.held).as("phase %d", phase).hasSize(RANGES);
            a.paused = false;
        }
    }

    @Test
    void whoIsNotOpenedIsAMemberThatOwnsNothing() {
        FakeNode a = cluster.add("a");
        FakeNode guest = cluster.come("guest", 0);
        cluster.pass(Duration.ofSeconds(30));

        assertThat(guest.keeper.state()).isEqualTo(LeaseKeeper.State.STARTING);
        assertThat(guest.trust.holds()).as("it renews").isTrue();
        assertThat(guest.events).containsExactly("registered");
        assertThat(a.held).hasSize(RANGES);

        guest.keeper.open();
        cluster.pass(Duration.ofSeconds(5));
        assertThat(guest.keeper.state()).isEqualTo(LeaseKeeper.State.SERVING);
        assertThat(guest.held).hasSize(RANGES / 2);
    }

    @Test
    void aColdStartWaitsForTheDeadWhileItPrepares() {
        FakeNode former = cluster.add("a");
        cluster.pass(Duration.ofSeconds(5));
        former.paused = true; // and never comes back

        FakeNode next = cluster.come("a", 0);
        cluster.pass(TTL.plus(FakeCluster.SETTINGS.renew())); // the first renewal is as late here
        assertThat(next.held).as("not opened").isEmpty();
        next.keeper.open();
        cluster.pass(Duration.ofMillis(500));

        assertThat(next.held).hasSize(RANGES);
    }

    /// The slowest clock allowed trusts longest, the fastest one waits least.
    @Test
    void aFastClockDoesNotTakeOverWhileASlowOneTrusts() {
        FakeNode slow = cluster.add("slow", -0.005);
        FakeNode fast = cluster.add("fast", 0.005);
        cluster.pass(Duration.ofSeconds(30));
        slow.paused = true;

        long trusted = cluster.elapsedNanos;
        while (slow.trust.holds()) cluster.pass(Duration.ofMillis(50));
        trusted = cluster.elapsedNanos - trusted;
        long taken = 0;
        while (fast.held.size() < RANGES) {
            cluster.pass(Duration.ofMillis(50));
            taken += Duration.ofMillis(50).toNanos();
        }

        assertThat(Duration.ofNanos(trusted))
                .isLessThanOrEqualTo(FakeCluster.SETTINGS.trust().plusMillis(50));
        assertThat(Duration.ofNanos(taken)).as("to spare").isGreaterThan(Duration.ofSeconds(1));
    }

    /// Frozen after the renewal was applied, thawed when a peer has taken everything: the answer is good, and late.
    @Test
    void anAnswerThatIsReadLateDoesNotExtendTrust() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(30));

        a.pauseIn(a.renewals, "renew", TTL.plusSeconds(4));
        cluster.pass(Duration.ofSeconds(20));

        assertThat(a.eventsWith("fenced")).hasSize(RANGES / 2);
        assertThat(b.eventsWith("granted")).hasSizeGreaterThanOrEqualTo(RANGES);
    }

    @Test
    void aRenewalWhoseAnswerWasLostIsAdopted() {
        FakeNode a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(5));

        for (int i = 0; i < 5; i++) {
            a.renewals.loseAnswerOf = "renew";
            cluster.pass(Duration.ofSeconds(4));
        }

        assertThat(a.trust.holds()).isTrue();
        assertThat(a.keeper.stats().renewalsFailed()).isEqualTo(5);
        assertThat(a.eventsWith("lost")).isEmpty();
    }

    @Test
    void anInstanceThatIsCutOffServesOnIfNobodyCouldDeclareItDead() {
        FakeNode a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(5));

        a.cutOff = true;
        cluster.pass(TTL.multipliedBy(3));
        assertThat(a.trust.holds()).isFalse();
        assertThat(a.held).as("nobody else can have served them").hasSize(RANGES);

        a.cutOff = false;
        cluster.pass(Duration.ofSeconds(3));
        assertThat(a.trust.holds()).isTrue();
        assertThat(a.eventsWith("lost")).isEmpty();
    }

    @Test
    void theFirstOneBackAfterAnOutageWaitsForTheOthers() {
        FakeNode a = cluster.add("a");
        FakeNode b = cluster.add("b");
        cluster.pass(Duration.ofSeconds(30));
        b.events.clear();
        cluster.databaseAway = true;
        cluster.pass(TTL.multipliedBy(3));

        b.cutOff = true;
        cluster.databaseAway = false;
        cluster.pass(TTL.minusSeconds(1));
        assertThat(a.held).hasSize(RANGES / 2);

        b.cutOff = false;
        cluster.pass(TTL.multipliedBy(2));
        assertThat(b.eventsWith("lost")).isEmpty();
    }

    @Test
    void aDatabaseThatForgotARenewalEndsThisLife() {
        FakeNode a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(20));
        Incarnation former = a.incarnation();

        cluster.table.forgetHeartbeat(former, 1);
        cluster.pass(Duration.ofSeconds(5));

        assertThat(a.eventsWith("fenced")).hasSize(RANGES);
        assertThat(a.incarnation()).isNotEqualTo(former);
        assertThat(cluster.table.instance(former).orElseThrow().state()).isEqualTo(InstanceRow.State.DEAD);
        assertThat(a.held).as("a new life").hasSize(RANGES);
    }

    @Test
    void aNewLifeIsRegisteredAgainIfTheAnswerWasLost() {
        FakeNode a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(20));
        Incarnation former = a.incarnation();

        a.database.loseAnswerOf = "register";
        cluster.table.forgetHeartbeat(former, 1);
        cluster.pass(TTL.plusSeconds(10));

        assertThat(a.held).hasSize(RANGES);
        assertThat(cluster.table.instances())
                .as("the life that nobody lives is over too")
                .hasSize(1);
    }

    @Test
    void whoLeavesWithoutAnAnswerReleasesAgain() {
        FakeNode only = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        only.database.loseCallOf = "release";

        only.keeper.beginToLeave();
        cluster.pass(Duration.ofSeconds(5));

        assertThat(only.left).isTrue();
        assertThat(cluster.rows()).allMatch(row -> row.owner() == null);
    }

    @Test
    void whoLeavesWaitsForADrainNoLongerThanItsTimeOut() {
        FakeNode only = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        only.drainTakes = Duration.ofHours(1);

        only.keeper.beginToLeave();
        cluster.pass(FakeCluster.SETTINGS.drainTimeout().minusSeconds(1));
        assertThat(only.left).isFalse();
        assertThat(only.held).as("served till the end").hasSize(RANGES);

        cluster.pass(Duration.ofSeconds(3));
        assertThat(only.left).isTrue();
        assertThat(only.eventsWith("released")).hasSize(RANGES);
        assertThat(cluster.rows()).allMatch(row -> row.owner() == null);
    }

    /// What the reclaim halted must not begin again under the tenure that is in doubt.
    @Test
    void aTenureInDoubtIsNotGrantedAgainToALifeThatIsOver() {
        FakeNode a = cluster.add("a");
        cluster.pass(Duration.ofSeconds(3));
        Lease lease = a.keeper.leases().getFirst();
        Incarnation peer = cluster.table.register(LeaseTableFixture.info("peer"), null);
        InstanceRow row = cluster.table.instance(a.incarnation()).orElseThrow();
        assertThat(cluster.table.declareDead(peer, row.incarnation(), row.heartbeat()))
                .isTrue();
        a.events.clear();

        assertThat(a.keeper.reclaim(Set.of(lease.tenure())))
                .as("it may still commit")
                .isFalse();
        a.keeper.tick();

        assertThat(a.eventsWith("lost " + lease.range() + " ")).hasSize(1);
        assertThat(a.eventsWith("granted")).isEmpty();
        cluster.pass(Duration.ofSeconds(20));
        assertThat(a.keeper.reclaim(Set.of(lease.tenure()))).isTrue();
    }
}
