package usualpizza;

import java.time.Instant;
import java.util.UUID;

/// An order and how far it is. Immutable, as the order is: another step makes another ticket.
///
/// @param since when it got to this stage
/// @param late it was still open when it was expected, and others have been told
record Ticket(Order order, Stage stage, Instant since, boolean late) {
    static Ticket placed(Order order) {
        return new Ticket(order, Stage.PLACED, order.placedAt(), false);
    }

    Ticket at(Stage reached, Instant now) {
        return new Ticket(order, reached, now, late);
    }

    Ticket escalated() {
        return new Ticket(order, stage, since, true);
    }

    UUID id() {
        return order.id();
    }

    long seq() {
        return order.seq();
    }
}
