package usualpizza;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// An order, with a snapshot of all that it depended on.
///
/// @param seq counts one customer's orders from 1, without gaps
/// @param requestId the request that made it ([plumb.RequestId])
/// @param fingerprint of that request's body
record Order(
        UUID id,
        long seq,
        String requestId,
        String fingerprint,
        Address address,
        String pizza,
        List<String> ingredients,
        BigDecimal price,
        Instant placedAt,
        Instant expectedAt) {}
