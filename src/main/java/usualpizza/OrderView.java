package usualpizza;

import java.util.List;
import java.util.UUID;
import plumb.Rejection;

/// An order as JSON.
///
/// @param price a decimal text
/// @param placedAt RFC 3339, UTC
/// @param expectedAt RFC 3339, UTC
public record OrderView(
        UUID id,
        long seq,
        Address address,
        String pizza,
        List<String> ingredients,
        String price,
        String placedAt,
        String expectedAt) {
    static OrderView of(Order order) {
        return new OrderView(
                order.id(),
                order.seq(),
                order.address(),
                order.pizza(),
                order.ingredients(),
                Price.text(order.price()),
                order.placedAt().toString(),
                order.expectedAt().toString());
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
        static Page of(List<Order> orders) {
            return new Page(orders.stream().map(OrderView::of).toList());
        }
    }
}
