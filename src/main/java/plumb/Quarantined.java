package plumb;

import java.time.Duration;

/// The key is shut out: its handler kept failing, or brought instances down. Nothing of it runs until an operator has
/// released it. Not applied.
public final class Quarantined extends Refusal {
    private static final long serialVersionUID = 1;

    public Quarantined(String what) {
        super(what, Duration.ofMinutes(1));
    }
}
