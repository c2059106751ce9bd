package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static usualpizza.UsualFixture.rejected;

import java.util.List;
import org.junit.jupiter.api.Test;
import plumb.RequestId;

class SoldOutTest {
    private static final ReorderRequest GARLIC = new ReorderRequest(null, List.of("garlic", "garlic"), null);

    private final UsualFixture fixture = new UsualFixture();
    private final Usual usual = fixture.loadAnn();

    @Test
    void whatIsSoldOutIsNamedBeforeAnythingIsWrittenOrChanged() {
        fixture.stock.with("garlic", 1);

        var said = rejected(409, () -> usual.reorder(GARLIC, RequestId.ofClient("1")));

        assertThat(said.type()).isEqualTo("sold-out");
        assertThat(said).hasMessageContaining("garlic");
        assertThat(fixture.writes.rows).isEmpty();
        assertThat(fixture.alarms.set).isEmpty();
        assertThat(usual.ordersBefore(Long.MAX_VALUE, 10)).isEmpty();
        fixture.stock.with("garlic", 2);
        assertThat(usual.reorder(GARLIC, RequestId.ofClient("1")).repeated()).isFalse();
    }

    @Test
    void aRepeatedRequestTakesNoPortion() {
        fixture.stock.with("garlic", 2);
        usual.reorder(GARLIC, RequestId.ofClient("1"));

        assertThat(usual.reorder(GARLIC, RequestId.ofClient("1")).repeated()).isTrue();
        rejected(409, () -> usual.reorder(GARLIC, RequestId.ofClient("2")));
    }

    @Test
    void anOrderThatFailsWasNeverThereAndGivesItsPortionsBack() {
        fixture.stock.with("garlic", 2);
        fixture.writes.failing = true;
        assertThatThrownBy(() -> usual.reorder(GARLIC, RequestId.ofClient("1")))
                .isInstanceOf(IllegalStateException.class);

        fixture.undo.takeBack();
        fixture.writes.failing = false;

        assertThat(usual.ordersBefore(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(usual.inKitchen()).isZero();
        assertThat(usual.reorder(GARLIC, RequestId.ofClient("1")).ticket().seq())
                .isEqualTo(1);
    }

    /// As when a caller of the handler's own fails after it has placed an order.
    @Test
    void anOrderThatIsTakenBackAfterwardsWasNeverThereEither() {
        fixture.stock.with("garlic", 2);
        usual.reorder(GARLIC, RequestId.ofClient("1"));
        assertThat(usual.inKitchen()).isEqualTo(1);

        fixture.undo.takeBack();

        assertThat(usual.inKitchen()).isZero();
        assertThat(usual.live()).isEmpty();
        assertThat(usual.reorder(GARLIC, RequestId.ofClient("1")).repeated()).isFalse();
    }
}
