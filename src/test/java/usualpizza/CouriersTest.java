package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class CouriersTest {
    private final UUID one = UUID.randomUUID();
    private final UUID two = UUID.randomUUID();
    private final Couriers couriers = new Couriers();

    @Test
    void theLastReportCounts() {
        couriers.report(one, new Position(1.0, 2.0));
        couriers.report(two, new Position(3.0, 4.0));
        couriers.report(one, new Position(5.0, 6.0));

        assertThat(couriers.of(one)).isEqualTo(new Position(5.0, 6.0));
        assertThat(couriers.of(two)).isEqualTo(new Position(3.0, 4.0));
    }

    @Test
    void whatIsKeptIsRestored() {
        couriers.report(one, new Position(1.0, 2.0));
        couriers.report(two, new Position(3.0, 4.0));
        var successor = new Couriers();

        successor.restore(couriers.keep());

        assertThat(successor.keep()).isEqualTo(couriers.keep());
    }

    @Test
    void whoHasArrivedIsForgotten() {
        couriers.report(one, new Position(1.0, 2.0));
        couriers.forget(one);
        couriers.forget(two);

        assertThat(couriers.of(one)).isNull();
        assertThat(couriers.keep()).isNull();
    }

    @Test
    void nothingKnownIsNothingKept() {
        assertThat(couriers.keep()).isNull();
    }

    @Test
    void onlySoManyAreRemembered() {
        couriers.report(one, new Position(1.0, 2.0));
        for (int i = 0; i < Couriers.KEPT; i++) couriers.report(UUID.randomUUID(), new Position(0.0, 0.0));

        assertThat(couriers.of(one)).isNull();
        assertThat(couriers.keep().reports()).hasSize(Couriers.KEPT);
    }
}
