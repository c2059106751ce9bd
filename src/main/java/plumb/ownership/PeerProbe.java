package plumb.ownership;

/// Port to a peer itself, past the database. Blocks for the connect time-out of a hop, or little more.
public interface PeerProbe {
    /// Whether this very incarnation answers at its address.
    boolean answersAs(InstanceRow peer);

    /// Whether its address refuses a connection at once: nothing listens there. A connection that hangs, or a host that
    /// cannot be reached, refuses nothing.
    boolean refuses(InstanceRow peer);
}
