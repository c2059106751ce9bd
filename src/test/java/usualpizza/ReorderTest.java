package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static usualpizza.UsualFixture.rejected;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import plumb.RequestId;

class ReorderTest {
    private static final ReorderRequest AS_USUAL = ReorderRequest.AS_USUAL;

    private final UsualFixture fixture = new UsualFixture();

    @Test
    void theUsualGoesToTheCurrentAddress() {
        Usual usual = fixture.loadAnn();

        Usual.Placed placed = usual.reorder(AS_USUAL, RequestId.ofClient("1"));

        Order order = placed.ticket().order();
        assertThat(placed.repeated()).isFalse();
        assertThat(order.seq()).isEqualTo(1);
        assertThat(order.pizza()).isEqualTo("margherita");
        assertThat(order.ingredients()).containsExactly("tomato", "mozzarella", "basil");
        assertThat(order.address()).isEqualTo(new Address("Via Roma 1"));
        assertThat(order.price()).isEqualTo(new BigDecimal("8.00"));
        assertThat(order.placedAt()).isEqualTo(Instant.parse("2026-03-01T18:00:00.123Z"));
        assertThat(order.expectedAt()).isEqualTo(Instant.parse("2026-03-01T18:30:00.123Z"));
        assertThat(fixture.writes.rows).containsExactly(InsertOrder.of(fixture.id, order));
    }

    /// The first one asks how busy the kitchen is, and does not wait for it.
    @Test
    void itTakesLongerWhileTheKitchenIsBusy() {
        fixture.inPreparation = 24;
        Usual usual = fixture.loadAnn();

        Order first = usual.reorder(AS_USUAL, RequestId.ofClient("1")).ticket().order();
        Order second = usual.reorder(AS_USUAL, RequestId.ofClient("2")).ticket().order();

        assertThat(first.expectedAt()).isEqualTo(first.placedAt().plus(UsualFixture.PREPARATION));
        assertThat(second.expectedAt()).isEqualTo(first.expectedAt().plus(Kitchen.ROUND.multipliedBy(3)));
        assertThat(fixture.alarms.due("late", second.id())).contains(second.expectedAt());
    }

    @Test
    void thisOnceItIsDifferent() {
        Usual usual = fixture.loadAnn();

        Order other = usual.reorder(request("marinara", null, null), RequestId.ofClient("1"))
                .ticket()
                .order();
        Order own = usual.reorder(request(null, List.of("garlic", "garlic"), "Piazza 2"), RequestId.ofClient("2"))
                .ticket()
                .order();
        Order both = usual.reorder(request("marinara", List.of("basil"), null), RequestId.ofClient("3"))
                .ticket()
                .order();

        assertThat(other.ingredients()).containsExactly("tomato", "garlic");
        assertThat(other.price()).isEqualTo(new BigDecimal("5.90"));
        assertThat(own.pizza()).isEqualTo("margherita");
        assertThat(own.price()).isEqualTo(new BigDecimal("5.80"));
        assertThat(own.address()).isEqualTo(new Address("Piazza 2"));
        assertThat(both.price()).isEqualTo(new BigDecimal("5.00"));
        assertThat(usual.customer().address()).isEqualTo(new Address("Via Roma 1"));
        assertThat(usual.ordersBefore(Long.MAX_VALUE, 10))
                .extracting(Ticket::seq)
                .containsExactly(3L, 2L, 1L);
    }

    @Test
    void anOrderKeepsItsSnapshot() {
        Usual usual = fixture.loadAnn();
        Order order = usual.reorder(AS_USUAL, RequestId.ofClient("1")).ticket().order();

        usual.move(new Address("Piazza 2"), IfMatch.NONE);
        usual.prefer(new Choice("marinara", List.of("garlic")), IfMatch.NONE);

        assertThat(usual.ticket(order.id()).order()).isEqualTo(order);
        assertThat(order.address()).isEqualTo(new Address("Via Roma 1"));
    }

    @Test
    void aRepeatedRequestGetsTheFirstOrderEvenBeforeItIsCommitted() {
        Usual usual = fixture.loadAnn();
        Order first = usual.reorder(AS_USUAL, RequestId.ofClient("1")).ticket().order();
        usual.prefer(new Choice("marinara", List.of("garlic")), IfMatch.NONE);

        Usual.Placed again = usual.reorder(AS_USUAL, RequestId.ofClient("1"));

        assertThat(again.repeated()).isTrue();
        assertThat(again.ticket().order()).isEqualTo(first);
        assertThat(fixture.writes.of(InsertOrder.class)).hasSize(1);
    }

    @Test
    void aRepeatedRequestGetsTheFirstOrderAfterALoad() {
        fixture.archive.hasOrders(3);

        Usual.Placed again = fixture.loadAnn().reorder(AS_USUAL, RequestId.ofClient("2"));

        assertThat(again.repeated()).isTrue();
        assertThat(again.ticket().order()).isEqualTo(ArchiveTwin.order(2));
    }

    @Test
    void aRepeatedRequestGetsTheFirstOrderHoweverOldItIs() {
        fixture.archive.hasOrders(Orders.LOADED + 50);

        Usual.Placed again = fixture.loadAnn().reorder(AS_USUAL, RequestId.ofClient("7"));

        assertThat(again.repeated()).isTrue();
        assertThat(again.ticket().order()).isEqualTo(ArchiveTwin.order(7));
    }

    @Test
    void theSameIdWithAnotherBodyIsRefused() {
        Usual usual = fixture.loadAnn();
        usual.reorder(AS_USUAL, RequestId.ofClient("1"));

        assertThat(rejected(422, () -> usual.reorder(request("marinara", null, null), RequestId.ofClient("1")))
                        .type())
                .isEqualTo("request-id-reused");

        assertThat(fixture.writes.rows).hasSize(1);
    }

    @Test
    void anOrderOfWhatIsNotOnTheMenuIsRefusedBeforeAnyWriteAndUsesNoNumber() {
        Usual usual = fixture.loadAnn();

        rejected(422, () -> usual.reorder(request("hawaii", null, null), RequestId.ofClient("1")));
        rejected(422, () -> usual.reorder(request(null, List.of("pineapple"), null), RequestId.ofClient("1")));

        assertThat(fixture.writes.rows).isEmpty();
        assertThat(usual.reorder(AS_USUAL, RequestId.ofClient("1"))
                        .ticket()
                        .order()
                        .seq())
                .isEqualTo(1);
    }

    @Test
    void numbersGoOnAfterALoad() {
        fixture.archive.hasOrders(Orders.LOADED + 50);

        assertThat(fixture.loadAnn()
                        .reorder(AS_USUAL, RequestId.minted())
                        .ticket()
                        .seq())
                .isEqualTo(Orders.LOADED + 51);
    }

    private static ReorderRequest request(
            @Nullable String pizza, @Nullable List<String> ingredients, @Nullable String line) {
        return new ReorderRequest(pizza, ingredients, line == null ? null : new Address(line));
    }
}
