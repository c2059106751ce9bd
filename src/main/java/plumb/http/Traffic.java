package plumb.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The requests that are inside this instance, whoever owns their keys; those of the plumbing itself (`/api/plumb`,
/// `/api/routes`) do not count. Thread-safe.
@ApplicationScoped
public class Traffic {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicLong arrived = new AtomicLong();

    void begin() {
        inside.incrementAndGet();
        arrived.incrementAndGet();
    }

    void end() {
        inside.decrementAndGet();
    }

    /// How many there are now.
    public int inside() {
        return inside.get();
    }

    /// How many there have been so far.
    public long arrived() {
        return arrived.get();
    }
}
