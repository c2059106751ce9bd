package plumb.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// The requests that are inside this instance, whoever owns their keys; those of the plumbing itself (`/api/plumb`) do
/// not count. Thread-safe.
@ApplicationScoped
public class Traffic {
    private final AtomicInteger inside = new AtomicInteger();
    private volatile long changedNanos = System.nanoTime();

    void begin() {
        inside.incrementAndGet();
        changedNanos = System.nanoTime();
    }

    void end() {
        changedNanos = System.nanoTime();
        inside.decrementAndGet();
    }

    /// How many there are now.
    public int inside() {
        return inside.get();
    }

    /// Whether there has been none for that long.
    public boolean isQuiet(Duration since) {
        return inside.get() == 0 && System.nanoTime() - changedNanos >= since.toNanos();
    }
}
