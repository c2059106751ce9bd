package plumb.ownership;

import java.time.Duration;

/// How leases are kept. All instances of a cluster use the same.
///
/// @param ttl a heartbeat that stands still for that long is dead
/// @param renew the period of renewals, from send to send
/// @param margin memory is trusted for TTL - margin: covers a second of scheduling and the drift of clocks
/// @param statementTimeout of renewals and ownership changes
/// @param drainTimeout how long a planned move, or a whole stop, may take to finish what is pending
/// @param ownership how ranges come to their owners
public record KeeperSettings(
        Duration ttl,
        Duration renew,
        Duration margin,
        Duration statementTimeout,
        Duration drainTimeout,
        Ownership ownership) {
    /// Two monotonic clocks differ by less than a hundredth.
    private static final int DRIFT_DIVISOR = 100;

    public KeeperSettings {
        positive("plumb.lease.ttl", ttl);
        positive("plumb.lease.renew", renew);
        positive("plumb.lease.statement-timeout", statementTimeout);
        positive("plumb.drain.timeout", drainTimeout);
        Duration drift = ttl.dividedBy(DRIFT_DIVISOR).plusSeconds(1);
        if (margin.compareTo(drift) < 0)
            throw new IllegalArgumentException(
                    "plumb.lease.margin = " + margin + " is too short: at least ttl/100 + 1s = " + drift);
        Duration twoTries = renew.multipliedBy(2).plus(statementTimeout);
        if (ttl.minus(margin).compareTo(twoTries) < 0)
            throw new IllegalArgumentException("plumb.lease.ttl - margin = " + ttl.minus(margin)
                    + " is too short: at least 2 x renew + statement-timeout = " + twoTries);
    }

    /// 10 s, renewed every 2 s; leased, evenly.
    public static KeeperSettings defaults() {
        return new KeeperSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                new Ownership.Leased(true));
    }

    /// The same for another ownership.
    public KeeperSettings with(Ownership other) {
        return new KeeperSettings(ttl, renew, margin, statementTimeout, drainTimeout, other);
    }

    /// How long a renewal allows to answer from memory, counted from before it was sent.
    public Duration trust() {
        return ttl.minus(margin);
    }

    /// Silence longer than this is a gap in the renewals: at least one was missed.
    public Duration gap() {
        return renew.multipliedBy(2).plus(statementTimeout);
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) throw new IllegalArgumentException(name + " = " + value + " must be positive");
    }
}
