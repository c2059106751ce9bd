package plumb;

/// The id under which a request's effect happens once.
///
/// The first instance that sees a request of an [Owned] resource gives it one, in this header: derived from the
/// client's `Idempotency-Key` (`client:<key>`), or else minted (`minted:<uuid>`). It travels with every repetition.
/// What an outsider puts into the header is dropped. A domain reads it by `@HeaderParam(RequestId.HEADER)` and keeps
/// it, unique per key, on the row that the request writes.
public final class RequestId {
    /// The header's name.
    public static final String HEADER = "Plumb-Request-Id";

    private RequestId() {}
}
