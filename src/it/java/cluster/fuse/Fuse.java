package cluster.fuse;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import plumb.Key;
import plumb.PerKey;

/// Takes all memory when asked to.
@PerKey(domain = "fuse")
public class Fuse {
    @Inject
    @Key
    String key;

    private final List<byte[]> hoard = new ArrayList<>();

    public String look() {
        return key + " is whole";
    }

    public String blow() {
        while (true) hoard.add(new byte[1 << 22]);
    }
}
