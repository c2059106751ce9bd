package bench.baseline;

import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What does not differ between the ways to reorder.
abstract class Stateless implements Shop {
    @Inject
    Persistent tables;

    @Override
    public @Nullable CustomerView read(UUID customer) {
        return tables.read(customer);
    }

    @Override
    public boolean put(UUID customer, CustomerBody body) {
        return tables.put(customer, body);
    }
}
