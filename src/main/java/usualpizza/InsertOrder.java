package usualpizza;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import plumb.Statement;

/// A new order's row. Safe under races: only the owner writes it, under the fence, and a repeated request, should it
/// get so far, fails on the unique constraint.
record InsertOrder(
        UUID id,
        UUID customer,
        long seq,
        String requestId,
        String fingerprint,
        String addressLine,
        String pizza,
        String ingredients,
        BigDecimal price,
        Instant placedAt,
        Instant expectedAt) {
    static final Statement<InsertOrder> STATEMENT = Statement.of(InsertOrder.class, """
            insert into usualpizza.customer_order
                (order_id, customer_id, seq, request_id, fingerprint, address_line, pizza, ingredients, price,
                 placed_at, expected_at, range_id, epoch)
            values (:id, :customer, :seq, :requestId, :fingerprint, :addressLine, :pizza, :ingredients, :price,
                 :placedAt, :expectedAt, :range, :epoch)""");

    static InsertOrder of(UUID customer, Order order) {
        return new InsertOrder(
                order.id(),
                customer,
                order.seq(),
                order.requestId().text(),
                order.fingerprint().text(),
                order.address().line(),
                order.pizza(),
                Joined.text(order.ingredients()),
                order.price(),
                order.placedAt(),
                order.expectedAt());
    }
}
