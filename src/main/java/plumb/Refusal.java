package plumb;

import java.time.Duration;

/// The plumbing did not run a request: it was **not applied**, and may be sent again.
public abstract sealed class Refusal extends RuntimeException
        permits NotOwner, Draining, Overloaded, Expired, LoadFailed, Quarantined {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    Refusal(String message, Duration retryAfter) {
        super(message, null, false, false); // no stack trace: a refusal is an answer, not a fault
        this.retryAfter = retryAfter;
    }

    /// When it is worth trying again.
    public Duration retryAfter() {
        return retryAfter;
    }
}
