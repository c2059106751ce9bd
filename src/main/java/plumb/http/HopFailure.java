package plumb.http;

/// How a hop can fail, and what that says about the request.
public enum HopFailure {
    /// Nobody listens at the peer's address. Not applied.
    REFUSED(false),
    /// No connection in time, or no way there. Not applied.
    CONNECT(false),
    /// The peer does not own the key (421). Not applied.
    MISDIRECTED(false),
    /// The peer's server answers, the application behind it does not: it starts or stops. Not applied.
    ABSENT(false),
    /// The peer's clock differs from what we thought; it has told us. Not applied.
    SKEWED(false),
    /// Too many hops are under way. Not applied.
    FULL(false),
    /// No answer in time.
    TIMEOUT(true),
    /// The peer was declared dead while we waited for its answer.
    ABANDONED(true),
    /// The connection broke before the whole answer was there.
    CUT(true),
    /// What came back is no HTTP answer, or not an instance's.
    RUBBISH(true);

    private final boolean mayBeApplied;

    HopFailure(boolean mayBeApplied) {
        this.mayBeApplied = mayBeApplied;
    }

    /// True: the peer may have executed the request.
    public boolean mayBeApplied() {
        return mayBeApplied;
    }
}
