package plumb.ownership;

import plumb.keyspace.Incarnation;

/// Port to the one row that an incarnation renews. Used by the renewal thread alone, on a connection of its own outside
/// any pool: busy must never look dead.
public interface Heartbeat extends AutoCloseable {
    /// One compare-and-set on the counter; O(1) in ranges. Blocks, at most for the statement time-out.
    ///
    /// @throws LeaseTableException if the database did not answer; it may or may not have been applied
    Renewal renew(Incarnation me, long lastHeartbeat);

    @Override
    void close();

    /// What the database said.
    sealed interface Renewal {
        /// Renewed; also carries the routing version, so that a renewal is a routing poll.
        ///
        /// @param adopted true: the row was already one ahead, a former renewal whose answer was lost; then trust still
        ///     counts from the first send
        record Renewed(long heartbeat, long routingVersion, boolean adopted) implements Renewal {}

        /// The row is DEAD, gone, or went backwards (a failover that forgot): self-fence.
        record Lost(String cause) implements Renewal {}
    }
}
