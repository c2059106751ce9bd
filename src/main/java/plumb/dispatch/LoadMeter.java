package plumb.dispatch;

import java.util.Optional;
import plumb.keyspace.Key;
import plumb.keyspace.Tenure;

/// Measures what a range costs this instance. Its keys' threads write, once per turn and for a fraction of a
/// microsecond; somebody looks every few seconds.
final class LoadMeter {
    /// What a request costs an instance beside the work of its handler: HTTP, mostly. A fifth of what is measured with
    /// an order, because the rest is worth the same for every request anyway.
    static final long REQUEST_NANOS = 500_000;

    /// Smaller shares of a range are not worth a cut.
    private static final double WORTH_KNOWING = 0.1;

    private static final double SMOOTHING_NANOS = 10e9;
    /// Less says nothing.
    private static final long SHORTEST_NANOS = 4_000_000_000L;

    private final Tenure tenure;
    private final HotKeys hot = new HotKeys(); // all of this guarded by this
    private long lookedNanos;
    private long requests;
    private long workedNanos;
    private long waitedNanos;
    private boolean measured;
    private double load;
    private double waiting;
    private double rate;

    LoadMeter(Tenure tenure, long nowNanos) {
        this.tenure = tenure;
        this.lookedNanos = nowNanos;
    }

    /// A turn, or a load.
    ///
    /// @param waited nanoseconds that its requests waited before it, together
    synchronized void worked(Key key, int requests, long nanos, long waited) {
        this.requests += requests;
        workedNanos += nanos;
        waitedNanos += waited;
        hot.add(key, (double) nanos + (double) requests * REQUEST_NANOS);
    }

    /// @return empty: not measured for long enough
    synchronized Optional<RangeLoad> look(long nowNanos) {
        double span = (double) (nowNanos - lookedNanos);
        if (span >= SHORTEST_NANOS) {
            double fading = measured ? Math.exp(-span / SMOOTHING_NANOS) : 0;
            load = mix(load, fading, (workedNanos + (double) requests * REQUEST_NANOS) / span);
            waiting = mix(waiting, fading, waitedNanos / span);
            rate = mix(rate, fading, requests * 1e9 / span);
            hot.fade(Math.exp(-span / SMOOTHING_NANOS));
            lookedNanos = nowNanos;
            requests = 0;
            workedNanos = 0;
            waitedNanos = 0;
            measured = true;
        }
        return measured
                ? Optional.of(new RangeLoad(tenure, load, waiting, rate, hot.above(WORTH_KNOWING)))
                : Optional.empty();
    }

    private static double mix(double before, double fading, double now) {
        return before * fading + now * (1 - fading);
    }
}
