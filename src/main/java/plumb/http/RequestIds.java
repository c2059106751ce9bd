package plumb.http;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/// Gives every request from outside its id: see [plumb.RequestId].
final class RequestIds {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private RequestIds() {}

    static boolean isClients(Headers headers) {
        return !headers.all(IDEMPOTENCY_KEY).isEmpty();
    }

    /// @throws ProblemException 400, if the client's key cannot be one
    static String of(Headers headers) {
        List<String> keys = headers.all(IDEMPOTENCY_KEY);
        if (keys.isEmpty()) return "minted:" + UUID.randomUUID();
        String key = keys.getFirst().strip();
        if (keys.size() > 1 || !VISIBLE.matcher(key).matches())
            throw new ProblemException(Problem.of(
                    400,
                    "bad-idempotency-key",
                    "Idempotency-Key stands there once and has 1 to 200 visible ASCII characters."));
        return "client:" + key;
    }
}
