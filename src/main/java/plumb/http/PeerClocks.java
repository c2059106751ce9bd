package plumb.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import plumb.keyspace.Incarnation;

/// By how much the clocks of peers are ahead of ours, where one has told us. Thread-safe.
final class PeerClocks {
    /// What is forgotten is told again.
    private static final int MOST = 256;

    private final Map<Incarnation, Duration> ahead = new ConcurrentHashMap<>();

    /// Zero: as far as we know, it agrees with ours.
    Duration ahead(Incarnation peer) {
        return ahead.getOrDefault(peer, Duration.ZERO);
    }

    void learn(Incarnation peer, Duration by) {
        if (ahead.size() >= MOST) ahead.clear();
        ahead.put(peer, by);
    }
}
