package plumb.access;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import plumb.http.Recent;

/// Who guesses passwords has to wait. By name and address: or anybody could keep the people of this table out. Safe for
/// use by several threads.
final class Lockout {
    private static final int TRIES = 10;
    private static final Duration WAIT = Duration.ofMinutes(5);
    private static final int MOST = 10_000;

    private record Guesser(String name, String address) {}

    private record Failures(int count, long lastNanos) {}

    private final LongSupplier nanoTime;
    private final AtomicLong failures = new AtomicLong();
    private final Map<Guesser, Failures> guessers = Recent.ofAtMost(MOST); // changes guarded by this

    Lockout(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// How long he has to wait; zero: he may try.
    synchronized Duration left(String name, String address) {
        Failures of = guessers.get(new Guesser(name, address));
        if (of == null) return Duration.ZERO;
        long left = WAIT.toNanos() - (nanoTime.getAsLong() - of.lastNanos());
        if (left <= 0) guessers.remove(new Guesser(name, address));
        return of.count() < TRIES || left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    void failed(String name, String address) {
        failures.incrementAndGet();
        var guesser = new Guesser(name, address);
        synchronized (this) {
            Failures before = guessers.get(guesser);
            guessers.put(guesser, new Failures(before == null ? 1 : before.count() + 1, nanoTime.getAsLong()));
        }
    }

    synchronized void succeeded(String name, String address) {
        guessers.remove(new Guesser(name, address));
    }

    /// Since the start.
    long failures() {
        return failures.get();
    }

    /// Who has to wait now, or has failed lately.
    synchronized int guessers() {
        return guessers.size();
    }
}
