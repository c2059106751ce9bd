package bench.baseline;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Locks the customer's row first.
@ApplicationScoped
public class Pessimistic extends Stateless {
    @Override
    public @Nullable OrderView reorder(UUID customer, String requestId) {
        return tables.reorder(customer, requestId, LockModeType.PESSIMISTIC_WRITE);
    }
}
