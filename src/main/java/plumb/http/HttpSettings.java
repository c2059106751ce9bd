package plumb.http;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the HTTP edge can be told; checked on construction.
///
/// @param instanceName how this instance calls itself in `Via`, `Plumb-Owner` and `Plumb-Forward`; a token
/// @param park how long one request may wait for an owner, all in all
/// @param maxParked how many requests may wait at once; each holds a worker thread
/// @param deadline of a request that brings none, and the most that a client can ask for
/// @param connect time-out of a hop's connection
/// @param forwardTimeout of a hop's answer, if the deadline is not nearer
/// @param perPeer hops in flight to one peer; more are refused at once
/// @param maxForwards hops in flight to all peers; keep it and `maxParked` together well below the worker pool
/// @param bufferLimit bytes up to which a body is kept, so that it can be sent again
/// @param bodyLimit the largest request body, in bytes
/// @param routing what becomes of a request for another instance's key
/// @param publicUrl where outsiders reach this instance, with context path, without a trailing slash
/// @param maxWatchers how many requests may wait at once for another routing table; none holds a thread
/// @param secrets key id to secret of 16 bytes or more; the first signs, all verify; none: loopback peers only
public record HttpSettings(
        String instanceName,
        Duration park,
        int maxParked,
        Duration deadline,
        Duration connect,
        Duration forwardTimeout,
        int perPeer,
        int maxForwards,
        int bufferLimit,
        int bodyLimit,
        Routing routing,
        String publicUrl,
        int maxWatchers,
        Map<String, byte[]> secrets) {

    /// What becomes of a request for another instance's key.
    public enum Routing {
        /// This instance asks the owner and relays its answer.
        FORWARD,
        /// The client is told where the owner is (307).
        REDIRECT
    }

    /// A good value for `maxForwards` under a pool of 200 workers.
    public static final int FORWARDS = 128;
    /// A good value for `bufferLimit`.
    public static final int BUFFER = 64 * 1024;
    /// A good value for `bodyLimit`.
    public static final int BODY = 1024 * 1024;
    /// How many workers may wait for clients' bodies at once; with hops and parked requests well below the pool.
    static final int UPLOADS = 96;

    private static final int LEAST_SECRET = 16;

    public HttpSettings {
        check(
                instanceName.matches("[A-Za-z0-9._~-]{1,200}"),
                "an instance name is made of A-Z a-z 0-9 . _ ~ -: " + instanceName);
        check(!park.isNegative(), "park must not be negative");
        check(maxParked >= 1, "max-parked must be at least 1");
        checkPositive(deadline, "deadline");
        checkPositive(connect, "forward.connect");
        checkPositive(forwardTimeout, "forward.timeout");
        check(perPeer >= 1, "forward.per-peer must be at least 1");
        check(maxForwards >= perPeer, "forwards in all must be at least forward.per-peer");
        check(maxWatchers >= 1, "routes.max-waiting must be at least 1");
        check(bufferLimit >= 0 && bufferLimit <= bodyLimit, "the body limit must be at least the buffer limit");
        secrets.forEach((id, secret) -> {
            check(id.matches("[A-Za-z0-9._-]{1,64}"), "a secret's id is made of A-Z a-z 0-9 . _ -: " + id);
            check(secret.length >= LEAST_SECRET, "the secret " + id + " has fewer than 16 bytes");
        });
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets)); // keeps the order: the first one signs
    }

    private static void checkPositive(Duration duration, String name) {
        check(duration.isPositive(), name + " must be longer than nothing");
    }

    private static void check(boolean holds, String message) {
        if (!holds) throw new IllegalArgumentException(message);
    }

    @Override
    public String toString() {
        return "HttpSettings[" + instanceName + ", keys " + secrets.keySet() + "]"; // never a secret
    }
}
