package plumb;

import java.util.UUID;
import java.util.regex.Pattern;

/// The id under which a request's effect happens once.
///
/// The first instance that sees a request of an [Owned] resource gives it one, in this header: derived from the
/// client's `Idempotency-Key`, or else minted. It travels with every repetition. What an outsider puts into the header
/// is dropped. A domain reads it by `@HeaderParam(RequestId.HEADER)`, and has [Requests] or [Once] remember it.
///
/// @param text begins with where it comes from, so that nobody can name another's
public record RequestId(String text) {
    /// The header's name.
    public static final String HEADER = "Plumb-Request-Id";

    private static final String CLIENT = "client:";
    private static final String HANDLER = "handler:";
    private static final String MINTED = "minted:";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    /// @throws IllegalArgumentException if it is none
    public RequestId {
        int colon = text.indexOf(':');
        if (colon < 0 || !isKey(text.substring(colon + 1))) throw new IllegalArgumentException("not a request id");
    }

    /// @param key the client's `Idempotency-Key`
    /// @throws IllegalArgumentException if it is not 1 to 200 visible ASCII characters
    public static RequestId ofClient(String key) {
        return new RequestId(CLIENT + key);
    }

    /// Of a request that a handler sends.
    ///
    /// @param key the handler's choice; the same for each repetition
    /// @throws IllegalArgumentException if it is not 1 to 200 visible ASCII characters
    public static RequestId ofHandler(String key) {
        return new RequestId(HANDLER + key);
    }

    /// Of a request that nobody named.
    public static RequestId minted() {
        return new RequestId(MINTED + UUID.randomUUID());
    }

    /// Whether a text can be what an id is derived from.
    public static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    /// What it is derived from.
    public String key() {
        return text.substring(text.indexOf(':') + 1);
    }

    /// True: it can come again only as long as its request is under way, because nobody else knows it.
    public boolean isMinted() {
        return text.startsWith(MINTED);
    }

    @Override
    public String toString() {
        return text;
    }
}
