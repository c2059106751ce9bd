package plumb;

/// Whether the request was applied could not be found out in time. Repeat it only with the same request id.
public final class OutcomeUnknown extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutcomeUnknown(String message) {
        super(message);
    }
}
