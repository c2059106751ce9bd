package plumb.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Time that passes when the test says so.
final class KitClock implements InstantSource {
    static final Instant BEGIN = Instant.parse("2030-01-01T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(nanos.get());
    }

    void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
