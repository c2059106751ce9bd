package plumb.dispatch;

import java.time.Duration;

/// When a key is shut out.
///
/// @param failures so many requests in a row that failed unexpectedly, and none that did not
/// @param window within which all of them happened
public record QuarantineSettings(int failures, Duration window) {
    public QuarantineSettings {
        if (failures < 2)
            throw new IllegalArgumentException("plumb.quarantine.failures must be at least 2, not " + failures);
        if (window.isNegative() || window.isZero())
            throw new IllegalArgumentException("plumb.quarantine.window must be positive, not " + window);
    }
}
