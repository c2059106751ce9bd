package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.RequestId;

class LateTest {
    private final UsualFixture fixture = new UsualFixture();
    private final Usual usual = fixture.loadAnn();
    private final Order order = usual.reorder(ReorderRequest.AS_USUAL, RequestId.ofClient("1"))
            .ticket()
            .order();

    @Test
    void anOrderIsWatchedUntilItIsExpected() {
        assertThat(fixture.alarms.due("late", order.id())).contains(order.expectedAt());
    }

    @Test
    void aRepeatedRequestSetsNoAlarm() {
        usual.reorder(ReorderRequest.AS_USUAL, RequestId.ofClient("1"));

        assertThat(fixture.alarms.settings).isEqualTo(1);
    }

    @Test
    void whoIsWatchedTooMuchGetsHisPizzaAllTheSame() {
        fixture.alarms.most = 1;

        assertThat(usual.reorder(ReorderRequest.AS_USUAL, RequestId.ofClient("2"))
                        .ticket()
                        .seq())
                .isEqualTo(2);
    }

    @Test
    void whatIsOverIsWatchedNoMore() {
        for (Stage step : List.of(Stage.PREPARING, Stage.BAKED, Stage.OUT)) usual.report(order.id(), step);
        assertThat(fixture.alarms.set).hasSize(1);
        usual.report(order.id(), Stage.DELIVERED);
        assertThat(fixture.alarms.set).isEmpty();

        UUID other = usual.reorder(ReorderRequest.AS_USUAL, RequestId.ofClient("2"))
                .ticket()
                .id();
        usual.cancel(other);
        assertThat(fixture.alarms.set).isEmpty();

        usual.late(order.id());
        usual.late(other);
        assertThat(fixture.writes.of(Escalate.class)).isEmpty();
        assertThat(usual.ticket(order.id()).late()).isFalse();
    }

    @Test
    void aLateOrderIsToldOnceHoweverOftenTheAlarmFires() {
        fixture.now = order.expectedAt();

        usual.late(order.id());
        usual.late(order.id());

        assertThat(fixture.writes.of(Escalate.class))
                .containsExactly(new Escalate(order.id(), fixture.id, order.expectedAt(), order.expectedAt()));
        assertThat(OrderView.of(usual.ticket(order.id())).late()).isTrue();
    }

    @Test
    void aLateOrderStaysLateWhenItComesAndAfterALoad() {
        fixture.archive.orders.add(usual.ticket(order.id()));
        fixture.now = order.expectedAt().plus(Duration.ofMinutes(1));
        usual.late(order.id());
        for (Stage step : List.of(Stage.PREPARING, Stage.BAKED, Stage.OUT, Stage.DELIVERED))
            usual.report(order.id(), step);
        assertThat(usual.ticket(order.id()).late()).isTrue();

        fixture.archive.commit(fixture.writes);
        Usual reloaded = fixture.load();
        reloaded.late(order.id());

        assertThat(reloaded.ticket(order.id())).isEqualTo(usual.ticket(order.id()));
        assertThat(fixture.writes.of(Escalate.class)).hasSize(1);
    }

    @Test
    void anAlarmOfAnOrderThatIsGoneIsOver() {
        usual.late(UUID.randomUUID());

        assertThat(fixture.writes.of(Escalate.class)).isEmpty();
    }
}
