package plumb.runtime;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// Durations as people write them in settings: `250ms`, `10s`, `5m`, `1h`, `90d`, or ISO-8601 (`PT10S`).
final class Durations {
    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private Durations() {}

    static Duration parse(String text) {
        var simple = SIMPLE.matcher(text);
        if (simple.matches()) return Duration.of(Long.parseLong(simple.group(1)), unit(simple.group(2)));
        try {
            Duration duration = Duration.parse(text);
            if (duration.isNegative()) throw new IllegalArgumentException("a duration is not negative: " + text);
            return duration;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no duration (write 250ms, 10s, 5m or PT10S): " + text, e);
        }
    }

    private static ChronoUnit unit(String letters) {
        return switch (letters) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "d" -> ChronoUnit.DAYS;
            default -> ChronoUnit.HOURS;
        };
    }
}
