package bench.baseline;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Reads, writes, and begins again if the version has changed meanwhile.
@ApplicationScoped
public class Optimistic extends Stateless {
    private static final int TRIES = 100;
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    @Override
    public @Nullable OrderView reorder(UUID customer, String requestId) {
        for (int tries = 1; ; tries++)
            try {
                return tables.reorder(customer, requestId, LockModeType.NONE);
            } catch (OptimisticLockException e) {
                if (tries == TRIES) throw e;
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE));
            }
    }
}
