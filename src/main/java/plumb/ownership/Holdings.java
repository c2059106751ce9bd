package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// What this incarnation holds, and the only place that tells the listener. A change in the database and its
/// consequence here are one critical section ([#locked]), so whoever has the lock sees rows that are never older than
/// these leases. A listener that throws is logged: a fault at one range must not keep the others from being halted.
final class Holdings {
    private static final Logger LOG = System.getLogger(Holdings.class.getName());

    private final OwnershipListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RangeId, Lease> held = new ConcurrentHashMap<>(); // written under the lock, read by everybody
    private final Map<String, Long> lost = new ConcurrentHashMap<>();
    private volatile @Nullable Incarnation me;

    Holdings(OwnershipListener listener) {
        this.listener = listener;
    }

    <T> T locked(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }

    /// Null: between two lives.
    @Nullable
    Incarnation me() {
        return me;
    }

    boolean holds(Lease lease) {
        return lease.equals(held.get(lease.range()));
    }

    @Nullable
    Lease lease(RangeId range) {
        return held.get(range);
    }

    int size() {
        return held.size();
    }

    /// In order of ids.
    List<Lease> leases() {
        return held.values().stream().sorted(Comparator.comparing(Lease::range)).toList();
    }

    Map<String, Long> lostByCause() {
        return Map.copyOf(lost);
    }

    // The rest is called under the lock.

    void begin(Incarnation incarnation) {
        me = incarnation;
        LOG.log(Level.INFO, () -> "Registered as " + incarnation);
        tell("registered", () -> listener.registered(incarnation));
    }

    void end(String cause) {
        leases().forEach(lease -> lose(lease, cause));
        me = null;
    }

    /// Does nothing if exactly this lease is held already.
    void grant(Lease lease) {
        grant(lease, false);
    }

    /// @param handedOver something may have come with it
    void grant(Lease lease, boolean handedOver) {
        Lease former = held.get(lease.range());
        if (lease.equals(former)) return;
        if (former != null) lose(former, "superseded");
        held.put(lease.range(), lease);
        LOG.log(
                Level.INFO,
                () -> "Granted: range " + lease.range() + " " + lease.domain() + lease.keys() + " epoch "
                        + lease.epoch());
        tell("granted", () -> listener.granted(lease, handedOver));
    }

    void lose(Lease lease, String cause) {
        if (!held.remove(lease.range(), lease)) return;
        lost.merge(cause, 1L, Long::sum);
        LOG.log(Level.INFO, () -> "Lost: range " + lease.range() + " epoch " + lease.epoch() + ", " + cause);
        tell("lost", () -> listener.lost(lease, cause));
    }

    void lose(Tenure tenure, String cause) {
        Lease lease = held.get(tenure.range());
        if (lease != null && lease.tenure().equals(tenure)) lose(lease, cause);
    }

    CompletableFuture<HandedAlong> drain(Lease lease) {
        try {
            return listener.drain(lease).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    void undrain(Lease lease) {
        tell("undrain", () -> listener.undrain(lease));
    }

    private static void tell(String what, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The listener failed at: " + what, e);
        }
    }

    /// Makes the leases agree with rows read under this lock.
    ///
    /// @return false: a lease's epoch went backwards, so the database has forgotten and nothing here can be trusted
    boolean reconcile(Collection<RangeRow> rows) {
        var byRange = new TreeMap<RangeId, RangeRow>();
        rows.forEach(row -> byRange.put(row.range(), row));
        for (Lease lease : leases()) {
            RangeRow row = byRange.get(lease.range());
            if (row != null && lease.epoch().isAfter(row.epoch())) return false;
            if (row == null || !lease.equals(leaseOf(row))) lose(lease, "taken");
        }
        for (RangeRow row : byRange.values()) {
            Lease lease = leaseOf(row);
            if (lease != null && lease.owner().equals(me)) grant(lease, true); // nobody claimed it: it was given
        }
        return true;
    }

    private static @Nullable Lease leaseOf(RangeRow row) {
        Incarnation owner = row.owner();
        return owner == null ? null : new Lease(row.range(), row.domain(), row.keys(), row.epoch(), owner);
    }
}
