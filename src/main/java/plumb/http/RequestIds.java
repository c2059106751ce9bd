package plumb.http;

import java.util.List;
import plumb.RequestId;

/// Gives every request from outside its id: see [plumb.RequestId].
final class RequestIds {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private RequestIds() {}

    static boolean isClients(Headers headers) {
        return !headers.all(IDEMPOTENCY_KEY).isEmpty();
    }

    /// @throws ProblemException 400, if the client's key cannot be one
    static RequestId of(Headers headers) {
        List<String> keys = headers.all(IDEMPOTENCY_KEY);
        if (keys.isEmpty()) return RequestId.minted();
        String key = keys.getFirst().strip();
        if (keys.size() > 1 || !RequestId.isKey(key))
            throw new ProblemException(Problem.of(
                    400,
                    "bad-idempotency-key",
                    "Idempotency-Key stands there once and has 1 to 200 visible ASCII characters."));
        return RequestId.ofClient(key);
    }
}
