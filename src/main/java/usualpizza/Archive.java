package usualpizza;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.RequestId;

/// What is committed. Every method blocks for a query or two; any thread.
interface Archive {
    @Nullable
    Customer customer(UUID customer);

    /// The newest orders that came before one, newest first.
    ///
    /// @param before exclusive, a sequence number
    List<Ticket> orders(UUID customer, long before, int limit);

    /// @return null: the customer has no such order
    @Nullable
    Ticket order(UUID customer, UUID order);

    /// @return null: that request made no order
    @Nullable
    Order orderOfRequest(UUID customer, RequestId request);

    /// Of all customers, the newest first.
    List<Escalation> escalations(int limit);

    Menu menu();
}
