package plumb.ownership;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;

/// Watches the heartbeats of others. One that stands still for a full TTL is overdue, counted from the return of the
/// read that first showed it, and only while this instance's own renewals succeed: after a database outage every window
/// starts anew, else the first one back would kill all others. Used by the keeper's thread alone.
final class PeerWatch {
    /// @param since when a read first returned this heartbeat
    /// @param moving that read also showed that the instance was at work: the heartbeat had changed, or the row was new
    private record Sighting(long heartbeat, long since, boolean moving) {}

    private final long ttlNanos;
    private Map<Incarnation, Sighting> sightings = new HashMap<>();
    private boolean first = true;

    PeerWatch(Duration ttl) {
        this.ttlNanos = ttl.toNanos();
    }

    /// Takes a full read of who is not dead.
    ///
    /// @param returnedNanos when that read returned
    void observe(List<InstanceRow> rows, long returnedNanos) {
        var next = new HashMap<Incarnation, Sighting>();
        for (InstanceRow row : rows) {
            Sighting before = sightings.get(row.incarnation());
            boolean same = before != null && before.heartbeat() == row.heartbeat();
            boolean moving = before != null || !first;
            next.put(row.incarnation(), same ? before : new Sighting(row.heartbeat(), returnedNanos, moving));
        }
        sightings = next;
        first = false;
    }

    /// Takes a read of some heartbeats between two full reads: the sooner a heartbeat is seen, the sooner its silence
    /// is over.
    ///
    /// @param returnedNanos when that read returned
    void glance(Map<Incarnation, Long> heartbeats, long returnedNanos) {
        heartbeats.forEach((peer, heartbeat) -> sightings.computeIfPresent(
                peer,
                (id, before) ->
                        before.heartbeat() == heartbeat ? before : new Sighting(heartbeat, returnedNanos, true)));
    }

    /// Those of the rows whose heartbeat has stood still for too long.
    ///
    /// @param steadySince since when all own renewals have succeeded; empty: nobody is overdue
    List<InstanceRow> overdue(List<InstanceRow> rows, long nowNanos, OptionalLong steadySince) {
        if (steadySince.isEmpty()) return List.of();
        return rows.stream()
                .filter(row -> leftNanos(sightings.get(row.incarnation()), row, nowNanos, steadySince.getAsLong()) <= 0)
                .toList();
    }

    /// Nanoseconds until the next of them may be overdue; `Long.MAX_VALUE`: none, or own renewals fail.
    long nextDueNanos(List<InstanceRow> rows, long nowNanos, OptionalLong steadySince) {
        if (steadySince.isEmpty()) return Long.MAX_VALUE;
        return rows.stream()
                .mapToLong(row -> leftNanos(sightings.get(row.incarnation()), row, nowNanos, steadySince.getAsLong()))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /// Whether that instance was seen at work within the given time: only then it is worth offering it anything.
    boolean isMoving(Incarnation peer, long nowNanos, Duration within) {
        Sighting sighting = sightings.get(peer);
        return sighting != null && sighting.moving() && nowNanos - sighting.since() <= within.toNanos();
    }

    private long leftNanos(@Nullable Sighting sighting, InstanceRow row, long nowNanos, long steadySince) {
        if (sighting == null || sighting.heartbeat() != row.heartbeat()) return ttlNanos;
        long start = steadySince - sighting.since() > 0 ? steadySince : sighting.since();
        return ttlNanos - (nowNanos - start);
    }
}
