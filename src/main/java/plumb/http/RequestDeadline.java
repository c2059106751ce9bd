package plumb.http;

import java.util.Optional;
import plumb.Deadline;

/// The deadline of the request that the calling thread is working on, for those whom JAX-RS hands no request.
public final class RequestDeadline {
    /// The name of the request property (and servlet attribute) that carries it too.
    public static final String PROPERTY = "plumb.deadline";

    private RequestDeadline() {}

    /// Known on the thread that runs a resource method of an owned resource, until that method returns; empty on every
    /// other thread, so also in the stages that the method builds.
    public static Optional<Deadline> current() {
        Trip trip = Trip.current();
        return trip == null ? Optional.empty() : Optional.ofNullable(trip.deadline());
    }
}
