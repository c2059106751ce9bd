package plumb.ownership;

import plumb.keyspace.Incarnation;

/// A row of `instance` as it was read.
///
/// @param heartbeat the counter that renewals raise; compared, never interpreted as time
public record InstanceRow(Incarnation incarnation, InstanceInfo info, State state, long heartbeat) {
    /// What an incarnation is allowed to do.
    public enum State {
        /// Serves and claims.
        ALIVE,
        /// Serves what it has and forwards, claims nothing: it goes, or has only just come.
        LEAVING,
        /// Its ranges may be claimed.
        DEAD
    }
}
