package usualpizza;

import java.time.Duration;
import java.time.Instant;

/// Something that was read somewhere else, and is good for a while.
record Reading<T>(T value, Instant at) {
    /// Also false when the clock was set back.
    boolean isFresh(Instant now, Duration good) {
        Duration age = Duration.between(at, now);
        return !age.isNegative() && age.compareTo(good) < 0;
    }
}
