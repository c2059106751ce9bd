package plumb.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Maps that do not grow.
public final class Recent {
    private Recent() {}

    /// For one entry more, the one that was used longest ago goes. Safe for use by several threads.
    public static <K, V> Map<K, V> ofAtMost(int most) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        });
    }
}
