package plumb;

/// A domain says no: becomes a `problem+json` answer. Thrown before the request's first write it keeps the state in
/// memory (check, then write, then change memory); after a write it discards the state, as any other exception does.
public class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;

    /// @param status the HTTP status, 4xx
    /// @param type the last part of the problem type's address, `out-of-stock`
    /// @param detail one sentence for the caller
    public Rejection(int status, String type, String detail) {
        super(detail, null, false, false); // no stack trace: an answer, not a fault
        if (status < 400 || status > 499) throw new IllegalArgumentException("a rejection is a 4xx, not " + status);
        this.status = status;
        this.type = type;
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }
}
