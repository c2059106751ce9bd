package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow.State;

/// Each part of the proof, left out.
class ConfirmationTest {
    private static final Duration TRUSTED = Duration.ofSeconds(8);

    private final InMemoryLeaseTable table = new InMemoryLeaseTable();
    private final Heartbeat heartbeat = table.heartbeat();
    private final Trust trust = new Trust(() -> 0);
    private final Incarnation me = register("me");
    private final Incarnation peer = register("peer");
    private final Set<Incarnation> answering = new HashSet<>(Set.of(peer));
    private final Set<Incarnation> listening = new HashSet<>(Set.of(peer));
    private final AtomicInteger told = new AtomicInteger();
    private Consumer<Incarnation> whenRefused = refused -> {};

    private final Confirmation confirmation = new Confirmation(
            table,
            new PeerProbe() {
                @Override
                public boolean answersAs(InstanceRow asked) {
                    return answering.contains(asked.incarnation());
                }

                @Override
                public boolean refuses(InstanceRow asked) {
                    boolean refused = !listening.contains(asked.incarnation());
                    if (refused) whenRefused.accept(asked.incarnation());
                    return refused;
                }
            },
            trust,
            () -> Optional.of(me),
            this::living,
            told::incrementAndGet);

    private Incarnation register(String name) {
        return table.register(new InstanceInfo(name, "http://" + name, "http://" + name, "1"), null);
    }

    private List<InstanceRow> living() {
        return table.instances();
    }

    @BeforeEach
    void aPeerThatIsKnownAndRenews() {
        trust.renewed(0, TRUSTED);
        heartbeat.renew(peer, 0);
        confirmation.look();
    }

    private void crash() {
        answering.remove(peer);
        listening.remove(peer);
        heartbeat.close();
    }

    private State state() {
        return table.instance(peer).orElseThrow().state();
    }

    @Test
    void aCrashIsConfirmedAtTheNextLook() {
        crash();

        confirmation.look();

        assertThat(state()).isEqualTo(State.DEAD);
        assertThat(told).hasValue(1);
        assertThat(confirmation.confirmed()).isEqualTo(1);
    }

    @Test
    void whoListensIsAlive() {
        heartbeat.close(); // cut off from the database, and no more

        confirmation.look();

        assertThat(state()).isEqualTo(State.ALIVE);
    }

    @Test
    void whoHasASessionIsAlive() {
        answering.remove(peer);
        listening.remove(peer); // it stops, and drains

        confirmation.look();

        assertThat(state()).isEqualTo(State.ALIVE);
    }

    @Test
    void whileTheProofIsIncompleteItLooksAgainSoonThenLessOften() {
        answering.remove(peer);
        listening.remove(peer);

        long first = confirmation.look();
        long second = confirmation.look();
        for (int i = 0; i < 10; i++) confirmation.look();

        assertThat(second).isEqualTo(2 * first);
        heartbeat.close();
        long afterwards = confirmation.look();
        assertThat(state()).isEqualTo(State.DEAD);
        assertThat(afterwards).isGreaterThan(second);
    }

    @Test
    void anAddressThatNeverAnsweredProvesNothing() {
        Incarnation behindAFirewall = register("other");

        confirmation.look();
        confirmation.look();

        assertThat(table.instance(behindAFirewall).orElseThrow().state()).isEqualTo(State.ALIVE);
    }

    @Test
    void whoRenewsWhileItIsProbedIsAlive() {
        crash();
        var probes = new AtomicInteger();
        whenRefused = refused -> {
            if (probes.incrementAndGet() != 3) return;
            heartbeat.renew(peer, 1);
            heartbeat.close();
        };

        confirmation.look();

        assertThat(state()).isEqualTo(State.ALIVE);
    }

    @Test
    void whoListensAgainIsAlive() {
        crash();
        whenRefused = listening::add; // it was busy for a moment

        confirmation.look();

        assertThat(state()).isEqualTo(State.ALIVE);
    }

    @Test
    void whoDoesNotRenewItselfJudgesNobody() {
        crash();
        trust.end();

        confirmation.look();

        assertThat(state()).isEqualTo(State.ALIVE);
    }

    /// It was killed and started again: nobody else has met it, and its port does not refuse.
    @Test
    void itsOwnFormerLifeIsConfirmedWhereItAnswersItself() {
        Incarnation former = register("me");
        answering.add(me);

        confirmation.look();

        assertThat(table.instance(former).orElseThrow().state()).isEqualTo(State.DEAD);
        assertThat(told).hasValue(1);
    }

    @Test
    void whoHasASessionIsNoFormerLife() {
        Incarnation twin = register("me"); // configured with the same address
        heartbeat.renew(twin, 0);
        answering.add(me);

        confirmation.look();

        assertThat(table.instance(twin).orElseThrow().state()).isEqualTo(State.ALIVE);
    }

    @Test
    void whoDoesNotAnswerAtItsOwnAddressJudgesNobodyThere() {
        Incarnation former = register("me");

        confirmation.look();

        assertThat(table.instance(former).orElseThrow().state()).isEqualTo(State.ALIVE);
    }

    @Test
    void ofManyOnlyNeighboursAndSuspectsAreLookedAt() {
        for (int i = 0; i < 6; i++) {
            Incarnation another = register("another-" + i);
            answering.add(another);
            listening.add(another);
        }
        confirmation.look();
        var all = table.instances().stream().map(InstanceRow::incarnation).toList();
        for (Incarnation each : all) if (!each.equals(me)) confirmation.suspect(each);
        confirmation.look(); // meets everybody
        listening.clear();
        heartbeat.close();

        confirmation.look();
        assertThat(table.instances()).as("all but three neighbours").hasSize(all.size() - 3);

        table.instances().forEach(row -> confirmation.suspect(row.incarnation()));
        confirmation.look();
        assertThat(table.instances()).extracting(InstanceRow::incarnation).containsExactly(me);
    }
}
