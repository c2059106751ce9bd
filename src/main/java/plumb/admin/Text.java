package plumb.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Figures for people.
final class Text {
    private Text() {}

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    static String owner(@Nullable String name) {
        return name == null ? "nobody" : name;
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Enough to know it again, not enough to know whose it is.
    static String masked(String key) {
        return key.isEmpty() ? key : key.substring(0, 1) + "…" + Integer.toHexString(key.hashCode() >>> 16);
    }
}
