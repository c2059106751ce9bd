package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.Heartbeat.Renewal.Lost;
import plumb.ownership.Heartbeat.Renewal.Renewed;

/// Renews one incarnation, and with it the trust in this instance's memory. [#step()] runs on the renewal thread alone,
/// which does nothing else; the keeper tells it which life to renew, from its own thread.
final class Renewer {
    private static final Logger LOG = System.getLogger(Renewer.class.getName());
    private static final int RETRY_DIVISOR = 4;

    /// @param firstSent when the first renewal without an answer was sent, or else this one
    private record Attempt(Incarnation me, long heartbeat, long sent, long firstSent) {}

    /// An unbroken series of renewals.
    private record Series(long since, long lastSent) {}

    private final KeeperSettings settings;
    private final Heartbeat heartbeat;
    private final Trust trust;
    private final LongConsumer routingVersion;
    private final Runnable changed;
    private final LongSupplier nanoTime;

    private @Nullable Incarnation me; // guarded by this, as is the rest of the life
    private long lastHeartbeat;
    private @Nullable Long unansweredSince;
    private @Nullable String lost;

    private volatile @Nullable Series series;
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile Duration latency = Duration.ZERO;

    /// @param routingVersion gets the version that each renewal brings
    /// @param changed called when a life was lost or renewals succeed again
    Renewer(
            KeeperSettings settings,
            Heartbeat heartbeat,
            Trust trust,
            LongConsumer routingVersion,
            Runnable changed,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.heartbeat = heartbeat;
        this.trust = trust;
        this.routingVersion = routingVersion;
        this.changed = changed;
        this.nanoTime = nanoTime;
    }

    /// From now on that life is renewed, beginning with heartbeat 0.
    synchronized void begin(Incarnation incarnation) {
        me = incarnation;
        lastHeartbeat = 0;
        unansweredSince = null;
        lost = null;
        series = null;
    }

    /// Ends the trust and renews nobody. An answer that is still on its way has no effect.
    synchronized void end() {
        me = null;
        lost = null;
        series = null;
        trust.end();
    }

    /// Why the current life is over, if the database said so.
    synchronized Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    /// Since when every renewal has succeeded; empty while they do not.
    OptionalLong steadySince() {
        Series now = series;
        boolean steady = now != null
                && nanoTime.getAsLong() - now.lastSent() <= settings.gap().toNanos();
        return now != null && steady ? OptionalLong.of(now.since()) : OptionalLong.empty();
    }

    long succeeded() {
        return succeeded.sum();
    }

    long failed() {
        return failed.sum();
    }

    /// From send to answer, of the last renewal that succeeded.
    Duration latency() {
        return latency;
    }

    /// One renewal.
    ///
    /// @return nanoseconds until the next
    long step() {
        Attempt attempt = attempt();
        if (attempt == null) return settings.renew().toNanos();
        Heartbeat.Renewal renewal;
        try {
            renewal = heartbeat.renew(attempt.me(), attempt.heartbeat());
        } catch (RuntimeException e) {
            return failed(attempt, e);
        }
        return switch (renewal) {
            case Renewed renewed -> renewed(attempt, renewed);
            case Lost gone -> lost(attempt, gone.cause());
        };
    }

    private synchronized @Nullable Attempt attempt() {
        if (me == null) return null;
        long sent = nanoTime.getAsLong();
        return new Attempt(me, lastHeartbeat, sent, unansweredSince == null ? sent : unansweredSince);
    }

    private long renewed(Attempt attempt, Renewed renewed) {
        long now = nanoTime.getAsLong();
        Series before = series;
        boolean steady = before != null
                && attempt.sent() - before.lastSent() <= settings.gap().toNanos();
        synchronized (this) {
            if (!attempt.me().equals(me)) return 0;
            // an adopted renewal may have been applied as early as the first send that got no answer
            trust.renewed(renewed.adopted() ? attempt.firstSent() : attempt.sent(), settings.trust());
            lastHeartbeat = renewed.heartbeat();
            unansweredSince = null;
            series = new Series(before != null && steady ? before.since() : now, attempt.sent());
        }
        succeeded.increment();
        latency = Duration.ofNanos(now - attempt.sent());
        routingVersion.accept(renewed.routingVersion());
        if (!steady) changed.run();
        return renewed.adopted() ? 0 : Math.max(0, settings.renew().toNanos() - (now - attempt.sent()));
    }

    /// Changes nothing but the series: nobody knows whether the renewal was applied.
    private long failed(Attempt attempt, RuntimeException cause) {
        synchronized (this) {
            if (!attempt.me().equals(me)) return 0;
            if (unansweredSince == null) unansweredSince = attempt.sent();
            series = null;
        }
        failed.increment();
        LOG.log(Level.WARNING, () -> "No answer to a renewal of " + attempt.me() + ": " + cause);
        return settings.renew().toNanos() / RETRY_DIVISOR;
    }

    private long lost(Attempt attempt, String cause) {
        synchronized (this) {
            if (!attempt.me().equals(me)) return 0;
            trust.end();
            me = null;
            series = null;
            lost = cause;
        }
        changed.run();
        return settings.renew().toNanos();
    }
}
