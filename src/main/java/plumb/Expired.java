package plumb;

import java.time.Duration;

/// The request's deadline passed before its turn came; it was dropped from the queue. Not applied.
public final class Expired extends Refusal {
    private static final long serialVersionUID = 1;

    public Expired(String what) {
        super(what, Duration.ofSeconds(1));
    }
}
