package usualpizza;

import java.util.List;
import java.util.UUID;
import plumb.Rejection;

/// An order as JSON.
///
/// @param price a decimal text
/// @param placedAt RFC 3339, UTC
/// @param expectedAt RFC 3339, UTC
/// @param stage PLACED, PREPARING, BAKED, OUT, DELIVERED or CANCELLED
/// @param late it was not delivered by then, and others have been told
public record OrderView(
        UUID id,
        long seq,
        Address address,
        String pizza,
        List<String> ingredients,
        String price,
        String placedAt,
        String expectedAt,
        String stage,
        boolean late) {
    static OrderView of(Ticket ticket) {
        Order order = ticket.order();
        return new OrderView(
                order.id(),
                order.seq(),
                order.address(),
                order.pizza(),
                order.ingredients(),
                Price.text(order.price()),
                order.placedAt().toString(),
                order.expectedAt().toString(),
                ticket.stage().name(),
                ticket.late());
    }

    /// @throws Rejection 400, if it is no order's id
    static UUID id(String text) {
        try {
            // fromString also takes short groups ("1-1-1-1-1")
            if (text.length() == 36) return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw notAnId();
        }
        throw notAnId();
    }

    private static Rejection notAnId() {
        return new Rejection(400, "invalid", "order: is not a UUID.");
    }

    /// A page of them, newest first; the `Link` header leads to the next one.
    public record Page(List<OrderView> orders) {
        static Page of(List<Ticket> orders) {
            return new Page(orders.stream().map(OrderView::of).toList());
        }
    }
}
