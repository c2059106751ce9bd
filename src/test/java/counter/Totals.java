package counter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import java.util.List;

/// What is committed.
@ApplicationScoped
public class Totals {
    @PersistenceUnit(unitName = "plumb")
    EntityManagerFactory factory;

    long of(String counter) {
        try (EntityManager entities = factory.createEntityManager()) {
            List<?> found = entities.createNativeQuery("select total from counter.counter where counter = ?1")
                    .setParameter(1, counter)
                    .getResultList();
            return found.isEmpty() ? 0 : ((Number) found.getFirst()).longValue();
        }
    }
}
