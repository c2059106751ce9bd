package plumb.http;

import org.jspecify.annotations.Nullable;

/// How long a message's body will be, as its head says.
final class ContentLength {
    private ContentLength() {}

    /// In bytes; -1: it says that there is one, but not how long. More than 18 digits are as many as the most.
    static long of(@Nullable String contentLength, @Nullable String transferEncoding) {
        if (contentLength == null) return transferEncoding == null ? 0 : -1;
        if (!contentLength.matches("\\d+")) return -1;
        return contentLength.length() > 18 ? Long.MAX_VALUE : Long.parseLong(contentLength);
    }
}
