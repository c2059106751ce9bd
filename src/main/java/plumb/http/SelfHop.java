package plumb.http;

import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.keyspace.Epoch;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;

/// Requests that an instance sends to itself before it owns anything, on the way that another's customer takes: over a
/// signed hop, through the filter and a gate, to the resource, and back. Whoever comes first afterwards finds classes
/// loaded and connections open.
///
/// They are known by a word that nobody but this process knows, are GETs for a key that no customer has, and enter by
/// the gate of a range that does not exist.
public final class SelfHop {
    static final String HEADER = "Plumb-Rehearsal";

    private static final RangeId RANGE = new RangeId(0); // the sequence begins with 1
    private static final Epoch EPOCH = new Epoch(0);

    private final Forwarder forwarder;
    private final Gates gates;
    private final String word = UUID.randomUUID().toString();
    private volatile @Nullable InstanceRow self;

    public SelfHop(Forwarder forwarder, Gates gates) {
        this.forwarder = forwarder;
        this.gates = gates;
    }

    /// From now on they enter.
    ///
    /// @param me with the address at which peers reach it
    public void open(InstanceRow me) {
        self = me;
        gates.granted(RANGE, EPOCH, KeyRange.ALL);
    }

    /// From now on they are like anybody's.
    public void close() {
        self = null;
        gates.forget(RANGE, EPOCH);
    }

    /// Sends one, and waits for the answer, whatever it is.
    ///
    /// @param path below the context root, with a leading slash
    /// @return whether there was one; false also if it is not open
    public boolean get(Key key, String path, Deadline deadline) {
        InstanceRow me = self;
        if (me == null) return false;
        Headers headers = new Headers().add("Accept", "application/json").add(HEADER, word);
        var request = new HopRequest(
                "GET", path, null, headers, "http", "127.0.0.1", new HopBody(InputStream.nullInputStream(), 0));
        Route.Remote route = new Route.Remote(key.domain(), RANGE, KeyRange.ALL, EPOCH, me);
        if (!(forwarder.forward(request, route, deadline) instanceof HopResult.Answered answered)) return false;
        answered.answer().release();
        return true;
    }

    /// Where such a request goes; null: it is a customer's.
    @Nullable
    Route route(Arrival arrival) {
        InstanceRow me = self;
        if (me == null || !word.equals(arrival.request().headers().single(HEADER))) return null;
        return new Route.Local(arrival.key().domain(), RANGE, KeyRange.ALL, EPOCH, me);
    }
}
