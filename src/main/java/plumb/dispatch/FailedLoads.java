package plumb.dispatch;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import plumb.keyspace.Key;

/// Keys whose state could not be loaded, and when that may be tried again: later each time, so that a customer who
/// cannot be loaded is no load for the database. Bounded; who finds no place here is tried each time. Thread-safe.
final class FailedLoads {
    static final int MOST = 10_000;
    static final Duration FIRST = Duration.ofMillis(200);
    /// Short, because after an outage of the database all of them wait for no reason.
    static final Duration LONGEST = Duration.ofSeconds(5);
    /// After that long without another failure it begins with the first pause again.
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final int MOST_DOUBLINGS = 10;

    private record Failure(int times, long untilNanos) {}

    private final ConcurrentMap<Key, Failure> failures = new ConcurrentHashMap<>();

    /// How long until the key may be loaded; zero or negative: now.
    Duration left(Key key, long nowNanos) {
        if (failures.isEmpty()) return Duration.ZERO;
        Failure failure = failures.get(key);
        return failure == null ? Duration.ZERO : Duration.ofNanos(failure.untilNanos - nowNanos);
    }

    /// @return how long it is not to be tried again
    Duration failed(Key key, long nowNanos) {
        if (failures.size() >= MOST && !failures.containsKey(key)) return FIRST;
        Failure last = failures.get(key);
        int times = last == null ? 0 : last.times;
        Duration pause = FIRST.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
        if (pause.compareTo(LONGEST) > 0) pause = LONGEST;
        failures.put(key, new Failure(times + 1, nowNanos + pause.toNanos()));
        return pause;
    }

    void succeeded(Key key) {
        if (!failures.isEmpty()) failures.remove(key);
    }

    void forgetOld(long nowNanos) {
        failures.values().removeIf(failure -> nowNanos - failure.untilNanos > REMEMBERED.toNanos());
    }

    int size() {
        return failures.size();
    }
}
