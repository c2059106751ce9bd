package container;

import jakarta.inject.Inject;
import plumb.Key;
import plumb.PerKey;
import plumb.Writes;

/// Does nothing: what it costs is what every bean costs.
@PerKey(domain = "empty")
public class Empty {
    @Inject
    @Key
    String key;

    @Inject
    Writes writes;

    private long touched;

    long touch() {
        return ++touched;
    }
}
