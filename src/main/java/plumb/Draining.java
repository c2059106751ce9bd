package plumb;

import java.time.Duration;

/// The key is being handed over to another instance right now. Not applied.
public final class Draining extends Refusal {
    private static final long serialVersionUID = 1;

    public Draining(String what) {
        super(what, Duration.ofSeconds(1));
    }
}
