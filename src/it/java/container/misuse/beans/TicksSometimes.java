package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Every;
import plumb.Key;
import plumb.PerKey;

/// No time that anybody could read.
@PerKey(domain = "ticks-sometimes")
public class TicksSometimes {
    @Inject
    @Key
    String key;

    @Every("a minute")
    void sweep() {}
}
