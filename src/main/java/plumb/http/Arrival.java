package plumb.http;

import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.keyspace.Key;

/// A request of an owned resource that has arrived here, with everything that decides where it goes.
///
/// @param hop null: it comes from outside
/// @param idempotent the resource method applies a request id once ([plumb.Idempotent])
/// @param ownId the request id is the client's, not minted here
record Arrival(
        Key key,
        HopRequest request,
        Deadline deadline,
        @Nullable Hop hop,
        boolean idempotent,
        boolean ownId) {}
