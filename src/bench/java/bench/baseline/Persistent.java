package bench.baseline;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Jakarta Persistence, one transaction per call.
@ApplicationScoped
public class Persistent {
    @PersistenceContext
    EntityManager entities;

    @Transactional
    public @Nullable CustomerView read(UUID customer) {
        CustomerRow row = entities.find(CustomerRow.class, customer);
        return row == null ? null : row.view();
    }

    @Transactional
    public boolean put(UUID customer, CustomerBody body) {
        CustomerRow row = entities.find(CustomerRow.class, customer);
        if (row == null) entities.persist(new CustomerRow(customer, body));
        else row.set(body);
        return row == null;
    }

    /// The customer first: who comes second finds out before he has written an order in vain.
    ///
    /// @throws jakarta.persistence.OptimisticLockException somebody else was faster
    @Transactional
    public @Nullable OrderView reorder(UUID customer, String requestId, LockModeType lock) {
        CustomerRow row = entities.find(CustomerRow.class, customer, lock);
        if (row == null) return null;
        OrderRow order = row.order(requestId);
        entities.flush();
        entities.persist(order);
        return order.view();
    }
}
