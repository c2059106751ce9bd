package plumb;

import java.time.Duration;

/// Too much waits already. Not applied.
public final class Overloaded extends Refusal {
    private static final long serialVersionUID = 1;

    /// What is full.
    public enum Scope {
        /// This key's mailbox: its clients should slow down (429).
        KEY,
        /// This instance (503).
        INSTANCE
    }

    private final Scope scope;

    public Overloaded(Scope scope, String what) {
        super(what, Duration.ofSeconds(1));
        this.scope = scope;
    }

    public Scope scope() {
        return scope;
    }
}
