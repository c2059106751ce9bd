package bench.baseline;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One way to do it. All block for the database.
interface Shop {
    /// @return null: there is none
    @Nullable
    CustomerView read(UUID customer);

    /// @return whether he is new
    boolean put(UUID customer, CustomerBody body);

    /// @return null: there is no such customer
    @Nullable
    OrderView reorder(UUID customer, String requestId);
}
