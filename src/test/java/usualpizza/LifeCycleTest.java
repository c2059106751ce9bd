package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static usualpizza.UsualFixture.rejected;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.Rejection;
import plumb.RequestId;

class LifeCycleTest {
    private static final List<Stage> STEPS = List.of(Stage.PREPARING, Stage.BAKED, Stage.OUT, Stage.DELIVERED);
    private static final Map<Stage, List<Stage>> IMPOSSIBLE = new EnumMap<>(Map.of(
            Stage.PLACED, List.of(Stage.BAKED, Stage.OUT, Stage.DELIVERED),
            Stage.PREPARING, List.of(Stage.OUT, Stage.DELIVERED),
            Stage.BAKED, List.of(Stage.PREPARING, Stage.DELIVERED),
            Stage.OUT, List.of(Stage.PREPARING, Stage.BAKED),
            Stage.DELIVERED, List.of(Stage.PREPARING, Stage.BAKED, Stage.OUT),
            Stage.CANCELLED, STEPS));

    private final UsualFixture fixture = new UsualFixture();
    private final Usual usual = fixture.loadAnn();

    @Test
    void anOrderGoesFromTheKitchenToTheDoor() {
        UUID order = placed();
        for (Stage step : STEPS) {
            later();

            usual.report(order, step);

            assertThat(usual.ticket(order).stage()).isEqualTo(step);
            assertThat(usual.ticket(order).since())
                    .isEqualTo(Instant.parse("2026-03-01T18:00:00.123Z")
                            .plus(Duration.between(UsualFixture.NOW, fixture.now)));
        }
        assertThat(fixture.writes.of(InsertEvent.class))
                .extracting(InsertEvent::kind)
                .containsExactlyElementsOf(STEPS);
        assertThat(fixture.writes.of(InsertEvent.class).getFirst())
                .isEqualTo(new InsertEvent(
                        order, fixture.id, 1, Stage.PREPARING, Instant.parse("2026-03-01T18:01:00.123Z")));
    }

    @Test
    void aStepThatIsReportedAgainHappensOnce() {
        UUID order = placed();
        for (Stage step : STEPS) {
            Ticket first = usual.report(order, step);
            later();

            assertThat(usual.report(order, step)).isEqualTo(first);
        }
        assertThat(fixture.writes.of(InsertEvent.class)).hasSize(STEPS.size());
    }

    @Test
    void everyImpossibleStepIsRefusedAndChangesNothing() {
        IMPOSSIBLE.forEach((stage, steps) -> {
            UUID order = at(stage);
            Ticket before = usual.ticket(order);
            int rows = fixture.writes.rows.size();
            for (Stage step : steps) {
                Rejection said = rejected(409, () -> usual.report(order, step));

                assertThat(said.type()).isEqualTo("impossible-step");
                assertThat(said).hasMessageContaining("is " + stage).hasMessageContaining("not " + step);
                Stage next = stage.next();
                assertThat(said).hasMessageContaining((next == null ? "nothing" : next) + " may come next");
            }
            assertThat(usual.ticket(order)).isEqualTo(before);
            assertThat(fixture.writes.rows).hasSize(rows);
        });
        for (Stage stage : Stage.values())
            assertThat(IMPOSSIBLE.get(stage).size() + (stage.next() == null ? 0 : 1) + (STEPS.contains(stage) ? 1 : 0))
                    .as("steps that the table knows from " + stage)
                    .isEqualTo(STEPS.size());
    }

    @Test
    void itCanBeCancelledBeforeItIsBaked() {
        for (Stage stage : Stage.values()) {
            UUID order = at(stage);
            if (stage == Stage.PLACED || stage == Stage.PREPARING) {
                assertThat(usual.cancel(order).stage()).isEqualTo(stage);
                assertThat(usual.ticket(order).stage()).isEqualTo(Stage.CANCELLED);
            } else if (stage != Stage.CANCELLED) {
                Rejection said = rejected(409, () -> usual.cancel(order));
                assertThat(said.type()).isEqualTo("too-late");
                assertThat(said).hasMessageContaining("is " + stage);
                assertThat(usual.ticket(order).stage()).isEqualTo(stage);
            }
        }
    }

    @Test
    void cancelledAgainIsCancelledOnce() {
        UUID order = placed();
        usual.cancel(order);

        assertThat(usual.cancel(order).stage()).isEqualTo(Stage.CANCELLED);
        assertThat(fixture.writes.of(InsertEvent.class))
                .extracting(InsertEvent::kind)
                .containsExactly(Stage.CANCELLED);
    }

    @Test
    void anOrderThatIsNotThereHasNoLife() {
        UUID nobodys = UUID.randomUUID();

        for (Runnable request : List.<Runnable>of(
                () -> usual.report(nobodys, Stage.PREPARING),
                () -> usual.cancel(nobodys),
                () -> usual.courier(nobodys, new Position(1.0, 2.0))))
            assertThat(rejected(404, request::run).type()).isEqualTo("no-such-order");
        assertThat(fixture.writes.rows).isEmpty();
    }

    @Test
    void whatIsOpenIsLiveNewestFirst() {
        var open = new ArrayList<UUID>();
        for (Stage stage : Stage.values()) {
            UUID order = at(stage);
            if (stage.isOpen()) open.addFirst(order);
        }
        usual.courier(open.getFirst(), new Position(52.5, 13.25));

        List<Usual.Live> live = usual.live();

        assertThat(live).extracting(each -> each.ticket().id()).containsExactlyElementsOf(open);
        assertThat(live)
                .extracting(each -> each.ticket().stage())
                .containsExactly(Stage.OUT, Stage.BAKED, Stage.PREPARING, Stage.PLACED);
        assertThat(live).extracting(Usual.Live::courier).containsExactly(new Position(52.5, 13.25), null, null, null);
        LiveView.LiveOrder shown = LiveView.of(live).orders().getFirst();
        assertThat(shown.order().stage()).isEqualTo("OUT");
        assertThat(shown.since()).isEqualTo("2026-03-01T18:00:00.123Z");
    }

    @Test
    void theCourierIsFollowedUntilTheOrderIsOver() {
        for (Stage end : List.of(Stage.DELIVERED, Stage.CANCELLED)) {
            UUID order = placed();
            usual.courier(order, new Position(1.0, 2.0));
            assertThat(usual.keep()).isNotNull();

            to(order, end);

            assertThat(usual.keep()).isNull();
            assertThat(rejected(409, () -> usual.courier(order, new Position(1.0, 2.0))))
                    .hasMessageContaining("is " + end);
        }
    }

    @Test
    void whatIsInTheKitchenIsCounted() {
        assertThat(usual.inKitchen()).isZero();
        for (Stage stage : Stage.values()) at(stage);

        assertThat(usual.inKitchen()).isEqualTo(3);
    }

    @Test
    void whoIsNoCustomerHasNothingInTheKitchen() {
        assertThat(new UsualFixture().load().inKitchen()).isZero();
    }

    @Test
    void aReloadedCustomerKnowsHowFarHisOrdersAre() {
        fixture.archive.hasOrders(Orders.LOADED + 5);
        Usual loaded = fixture.loadAnn();
        UUID recent = new UUID(0, Orders.LOADED);
        UUID old = new UUID(0, 1);
        for (UUID order : List.of(recent, old)) {
            loaded.report(order, Stage.PREPARING);
            assertThat(loaded.report(order, Stage.PREPARING).stage()).isEqualTo(Stage.PREPARING);
            rejected(409, () -> loaded.report(order, Stage.OUT));
            loaded.report(order, Stage.BAKED);
        }
        assertThat(fixture.writes.of(InsertEvent.class)).hasSize(4);
        Ticket known = loaded.ticket(old);
        assertThat(loaded.ordersBefore(2, 1)).containsExactly(known);

        fixture.archive.commit(fixture.writes);
        Usual again = fixture.load();

        assertThat(again.ticket(old)).isEqualTo(known);
        assertThat(again.ticket(recent)).isEqualTo(loaded.ticket(recent));
        assertThat(again.inKitchen()).isEqualTo(loaded.inKitchen()).isEqualTo(Orders.LOADED);
    }

    private UUID placed() {
        return usual.reorder(ReorderRequest.AS_USUAL, RequestId.minted())
                .ticket()
                .id();
    }

    private UUID at(Stage stage) {
        UUID order = placed();
        to(order, stage);
        return order;
    }

    private void to(UUID order, Stage stage) {
        if (stage == Stage.CANCELLED) usual.cancel(order);
        else for (Stage step : STEPS) if (step.compareTo(stage) <= 0) usual.report(order, step);
    }

    private void later() {
        fixture.now = fixture.now.plusSeconds(60);
    }
}
