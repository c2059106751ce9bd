package plumb.ownership;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// Port to the lease rows. Every method is one short transaction, blocks at most for the statement time-out, and throws
/// [LeaseTableException] if the database did not answer (the change may or may not have been applied: read again).
/// Every change of owner raises the epoch, the routing version and the history in the same transaction. Safe for use by
/// several threads.
///
/// "Somebody else holds it" is a value, never an exception.
public interface LeaseTable {
    /// Inserts a fresh ALIVE row (heartbeat 0) and, after a self-fence, marks the former incarnation DEAD in the same
    /// transaction.
    Incarnation register(InstanceInfo me, @Nullable Incarnation former);

    /// As [#register], but LEAVING: a member that watches the others, claims nothing and is offered nothing until it
    /// [#stay]s.
    Incarnation join(InstanceInfo me, @Nullable Incarnation former);

    /// Makes `count` even ranges for a domain that has none. Idempotent under races.
    ///
    /// @throws IllegalStateException if the domain is frozen with another hash function or key type
    void createRanges(String domain, String keyType, int count);

    /// Every incarnation that is not DEAD.
    List<InstanceRow> instances();

    /// The heartbeats of those of them that are not DEAD.
    Map<Incarnation, Long> heartbeats(Set<Incarnation> of);

    /// One row, DEAD or not.
    Optional<InstanceRow> instance(Incarnation incarnation);

    /// Every row that changed after that version, with the version as of the read. 0 reads everything. A removed range
    /// (merged) shows by the row that now covers its keys.
    RangePage rangesSince(long version);

    /// Marks the victim DEAD if its heartbeat is still the observed one, and (after that commit) ends its database
    /// sessions.
    boolean declareDead(Incarnation me, Incarnation victim, long observedHeartbeat);

    /// As [#declareDead], before the victim's time to live is over: only if the database, asked in the same
    /// compare-and-set, has no session of the victim.
    boolean confirmDead(Incarnation me, Incarnation victim, long notedHeartbeat);

    /// Claims up to `max` free or orphaned ranges, and those offered to `me` regardless of it.
    ClaimResult claim(Incarnation me, int max);

    /// Claims those of these ranges that are free or orphaned, to whomever they are offered.
    ClaimResult claim(Incarnation me, Set<RangeId> ranges);

    /// Wishes something of a range, which has an owner and no other wish; the owner goes on serving, and does it soon.
    /// False: (range, epoch) is not current, or what is wished cannot be.
    boolean wish(RangeId range, Epoch epoch, Wish wish, Decision decision);

    /// Takes a wish back. Anybody may.
    void cancelWish(RangeId range, Epoch epoch);

    /// Pins a range to its owner, or not any more. False: (range, epoch) is not current.
    boolean pin(RangeId range, Epoch epoch, boolean pinned, Decision decision);

    /// The flip: owner = target, epoch + 1, if `held` still stands and is offered to that target, which is ALIVE.
    ///
    /// @param along goes to the new owner in the same transaction
    /// @return the new owner's epoch, or empty: nothing changed
    Optional<Epoch> handOver(Tenure held, Incarnation target, HandedAlong along);

    /// Makes two of a range, if `held` still stands and this is wished: both belong to its owner under epochs above the
    /// former.
    ///
    /// @param along goes to whichever of the two has the key
    /// @return both, or none: nothing changed
    List<Lease> split(Tenure held, long at, HandedAlong along);

    /// Makes one of two neighbours, if both tenures still stand and this is wished of the first: the first one's range,
    /// under an epoch above both.
    ///
    /// @return empty: nothing changed
    Optional<Lease> merge(Tenure held, Tenure next, HandedAlong along);

    /// What came to the owner of that tenure when the range was handed over to it, or made of others; nothing if it was
    /// claimed.
    HandedAlong handedAlong(Tenure held);

    /// Raises the epoch of those ranges that `me` still holds under the given tenures, and returns the new leases.
    /// Whatever a lost connection may still deliver fails at the fence afterwards: this waits for transactions that
    /// hold the old one.
    List<Lease> selfClaim(Incarnation me, Set<Tenure> held);

    /// ALIVE to LEAVING: from now on this incarnation claims nothing.
    void leave(Incarnation me);

    /// DEAD, and its remaining ranges free with a raised epoch: instant takeover.
    void release(Incarnation me);

    /// LEAVING → ALIVE: `me` claims and is offered ranges again. The dead stay dead.
    void stay(Incarnation me);

    /// @param version the routing version as of the read
    record RangePage(List<RangeRow> ranges, long version) {}

    /// What a claim came to.
    sealed interface ClaimResult {
        /// @param leases possibly none
        record Granted(List<Lease> leases) implements ClaimResult {
            public Granted {
                leases = List.copyOf(leases);
            }
        }

        /// The own row is LEAVING: claim nothing, go on serving.
        record Leaving() implements ClaimResult {}

        /// The own row is DEAD or gone: self-fence.
        record Fenced(String cause) implements ClaimResult {}
    }
}
