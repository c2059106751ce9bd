package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Incarnation;
import plumb.ownership.Heartbeat.Renewal.Lost;
import plumb.ownership.Heartbeat.Renewal.Renewed;

/// What every [Heartbeat] promises.
public abstract class HeartbeatContract extends LeaseTableFixture {
    @Test
    void renewalRaisesTheHeartbeatByOne() {
        Incarnation a = register("a");

        assertThat(renewed(a, 0).heartbeat()).isEqualTo(1);
        assertThat(renewed(a, 1).heartbeat()).isEqualTo(2);
        assertThat(table().instance(a).orElseThrow().heartbeat()).isEqualTo(2);
    }

    @Test
    void renewalTellsTheRoutingVersion() {
        Incarnation a = registerWithRanges("a", 4);
        claim(a, 2);

        assertThat(renewed(a, 0).routingVersion()).isEqualTo(version());
    }

    @Test
    void renewalWhoseAnswerWasLostIsAdopted() {
        Incarnation a = register("a");
        heartbeat().renew(a, 0); // the answer is lost

        Renewed again = renewed(a, 0);

        assertThat(again.adopted()).isTrue();
        assertThat(again.heartbeat()).isEqualTo(1);
        assertThat(renewed(a, 1).adopted()).isFalse();
    }

    @Test
    void adoptingDoesNotRaiseTheHeartbeat() {
        Incarnation a = register("a");
        heartbeat().renew(a, 0);

        heartbeat().renew(a, 0);

        assertThat(table().instance(a).orElseThrow().heartbeat()).isEqualTo(1);
    }

    @Test
    void heartbeatThatWentBackwardsIsLost() {
        Incarnation a = register("a");
        heartbeat().renew(a, 0);

        assertThat(heartbeat().renew(a, 5)).isInstanceOf(Lost.class);
        assertThat(table().instance(a).orElseThrow().heartbeat()).isEqualTo(1);
    }

    @Test
    void deadInstanceIsLost() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        table().declareDead(b, a, 0);

        assertThat(heartbeat().renew(a, 0)).isInstanceOf(Lost.class);
        assertThat(table().instance(a).orElseThrow().heartbeat()).isZero();
    }

    @Test
    void deathIsNotAdoptedAway() {
        Incarnation a = register("a");
        Incarnation b = register("b");
        heartbeat().renew(a, 0); // the answer is lost
        table().declareDead(b, a, 1);

        assertThat(heartbeat().renew(a, 0)).isInstanceOf(Lost.class);
    }

    @Test
    void unknownInstanceIsLost() {
        assertThat(heartbeat().renew(new Incarnation(UUID.randomUUID()), 0)).isInstanceOf(Lost.class);
    }

    @Test
    void releasedInstanceIsLost() {
        Incarnation a = register("a");
        table().release(a);

        assertThat(heartbeat().renew(a, 0)).isInstanceOf(Lost.class);
    }

    @Test
    void formerLifeIsLost() {
        Incarnation former = register("a");
        Incarnation next = table().register(info("a"), former);

        assertThat(heartbeat().renew(former, 0)).isInstanceOf(Lost.class);
        assertThat(renewed(next, 0).heartbeat()).isEqualTo(1);
    }

    @Test
    void leavingInstanceRenews() {
        Incarnation a = register("a");
        table().leave(a);

        assertThat(renewed(a, 0).heartbeat()).isEqualTo(1);
    }

    @Test
    void renewalTouchesNoRange() {
        Incarnation a = registerWithRanges("a", 2);
        claim(a, 2);
        var before = table().rangesSince(0);

        heartbeat().renew(a, 0);

        assertThat(table().rangesSince(0)).isEqualTo(before);
    }

    private Renewed renewed(Incarnation me, long last) {
        Heartbeat.Renewal renewal = heartbeat().renew(me, last);
        assertThat(renewal).isInstanceOf(Renewed.class);
        return (Renewed) renewal;
    }
}
