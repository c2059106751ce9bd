package plumb.http;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a client is willing to wait: `?wait=PT20S`, or `Prefer: wait=20` (RFC 7240 §4.3). Pure.
final class Patience {
    /// Longer waits are shortened: what stands between client and server closes connections that are silent for long.
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Pattern PREFERENCE =
            Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);

    private Patience() {}

    /// @param wait an ISO 8601 duration; null: not given
    /// @param prefer the header; null: not given
    /// @throws ProblemException 400
    static Duration of(@Nullable String wait, @Nullable String prefer) {
        Duration asked = wait == null ? preferred(prefer) : parsed(wait);
        return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
    }

    private static Duration parsed(String wait) {
        try {
            Duration asked = Duration.parse(wait);
            if (!asked.isNegative()) return asked;
        } catch (DateTimeParseException e) {
            // as below
        }
        throw new ProblemException(
                Problem.of(400, "bad-wait", "wait: write PT20S for 20 seconds.").with("parameter", "wait"));
    }

    private static Duration preferred(@Nullable String prefer) {
        Matcher matcher = PREFERENCE.matcher(prefer == null ? "" : prefer);
        return matcher.find() ? Duration.ofSeconds(Long.parseLong(matcher.group(1))) : Duration.ZERO;
    }
}
