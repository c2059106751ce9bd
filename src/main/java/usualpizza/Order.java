package usualpizza;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import plumb.Fingerprint;
import plumb.RequestId;

/// An order, with a snapshot of all that it depended on.
///
/// @param seq counts one customer's orders from 1, without gaps
/// @param requestId the request that made it
/// @param fingerprint of that request's body
record Order(
        UUID id,
        long seq,
        RequestId requestId,
        Fingerprint fingerprint,
        Address address,
        String pizza,
        List<String> ingredients,
        BigDecimal price,
        Instant placedAt,
        Instant expectedAt) {}
