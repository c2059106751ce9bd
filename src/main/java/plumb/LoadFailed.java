package plumb;

import java.time.Duration;

/// The key's state could not be loaded; its handler tries again no sooner than [#retryAfter]. Not applied. Other keys
/// are not concerned. Why is in the instance's log.
public final class LoadFailed extends Refusal {
    private static final long serialVersionUID = 1;

    public LoadFailed(String what, Duration retryAfter) {
        super(what, retryAfter);
    }
}
