package plumb.ownership;

/// The database did not answer, or not in time. The statement may or may not have been applied.
public final class LeaseTableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LeaseTableException(String message, Throwable cause) {
        super(message, cause);
    }
}
