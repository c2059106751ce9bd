package usualpizza;

import java.time.Instant;
import java.util.UUID;
import plumb.Statement;

/// An order that is late. Safe under races: only the customer's owner writes it, under the fence; an alarm that fires
/// once more finds that it is told.
record Escalate(UUID order, UUID customer, Instant expectedAt, Instant at) {
    static final Statement<Escalate> STATEMENT = Statement.of(Escalate.class, """
            insert into usualpizza.escalation (order_id, customer_id, expected_at, at, range_id, epoch)
            values (:order, :customer, :expectedAt, :at, :range, :epoch)
            on conflict (order_id) do nothing""");

    static Escalate of(UUID customer, Order order, Instant now) {
        return new Escalate(order.id(), customer, order.expectedAt(), now);
    }
}
