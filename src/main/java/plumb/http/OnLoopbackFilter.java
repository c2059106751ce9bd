package plumb.http;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Refuses what does not come from this machine. What a proxy on this machine passes on comes from elsewhere, and what
/// a
/// browser sends of its own accord may come from a foreign page.
@Provider
@OnLoopback
@Dependent
@Priority(Priorities.AUTHORIZATION)
public class OnLoopbackFilter implements ContainerRequestFilter {
    private static final List<String> FROM_ELSEWHERE =
            List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "Origin", "Sec-Fetch-Site");

    @Override
    public void filter(ContainerRequestContext request) {
        Trip trip = Trip.current();
        boolean here = trip != null && isLoopback(trip.remoteAddress());
        if (here
                && FROM_ELSEWHERE.stream()
                        .noneMatch(name -> request.getHeaders().containsKey(name))) return;
        request.abortWith(Problem.of(
                        403,
                        "loopback-only",
                        "What changes something is answered on this machine's loopback address only, and not through a proxy or a browser.")
                .response());
    }

    /// A numeric address: nothing is looked up.
    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
