package plumb.http;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The id under which an answer can be found again: the W3C trace id if the request has one.
final class TraceId {
    private static final Pattern TRACEPARENT = Pattern.compile(
            "[0-9a-f]{2}-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9a-f]{16}-.*");

    private TraceId() {}

    /// As `urn:uuid:…`, which has as many bits.
    static String urn(@Nullable String traceparent) {
        Matcher matcher = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        return "urn:uuid:" + (matcher.matches() ? matcher.replaceFirst("$1-$2-$3-$4-$5") : UUID.randomUUID());
    }
}
