package plumb.admin;

import java.time.Duration;
import java.util.Locale;

/// Figures for people.
final class Text {
    private Text() {}

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
