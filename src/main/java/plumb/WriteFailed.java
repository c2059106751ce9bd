package plumb;

/// The database refused what a request wanted written, for instance because of a constraint. Not applied, and trying
/// the same again will not help.
public final class WriteFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String sqlState;

    public WriteFailed(String sqlState, String detail) {
        super(sqlState + " " + detail);
        this.sqlState = sqlState;
    }

    /// Five characters; class 23 is a violated constraint.
    public String sqlState() {
        return sqlState;
    }
}
