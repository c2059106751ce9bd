package usualpizza;

import java.time.Instant;
import java.util.UUID;
import plumb.Statement;

/// What happened to an order. Safe under races: only the customer's owner writes it, under the fence, and the same
/// event a second time, should it get so far, fails on the primary key.
///
/// @param seq the order's
record InsertEvent(UUID order, UUID customer, long seq, Stage kind, Instant at) {
    static final Statement<InsertEvent> STATEMENT = Statement.of(InsertEvent.class, """
            insert into usualpizza.order_event (order_id, customer_id, seq, kind, at, range_id, epoch)
            values (:order, :customer, :seq, :kind, :at, :range, :epoch)""");

    /// That it has reached its stage.
    static InsertEvent of(UUID customer, Ticket ticket) {
        return new InsertEvent(ticket.id(), customer, ticket.seq(), ticket.stage(), ticket.since());
    }
}
