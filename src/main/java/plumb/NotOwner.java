package plumb;

import java.time.Duration;

/// This instance does not own the key, or cannot be sure any more that it does. Not applied.
public final class NotOwner extends Refusal {
    private static final long serialVersionUID = 1;

    public NotOwner(String what) {
        super(what, Duration.ofSeconds(1));
    }
}
