package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Every;
import plumb.Key;
import plumb.PerKey;

/// Would do nothing else.
@PerKey(domain = "ticks-too-often")
public class TicksTooOften {
    @Inject
    @Key
    String key;

    @Every("PT0.01S")
    void sweep() {}
}
