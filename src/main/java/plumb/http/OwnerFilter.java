package plumb.http;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Owned;
import plumb.RequestId;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;

/// Takes each request of an [Owned] resource to the owner of its key: lets it go on here, relays the owner's answer,
/// tells the client where the owner is, or refuses. After authentication and authorization, which the owner repeats.
/// Blocks the request's thread while it forwards or parks.
@Provider
@Owned("")
@Dependent
@Priority(Priorities.HEADER_DECORATOR)
public class OwnerFilter implements ContainerRequestFilter {
    @Inject
    HttpSettings settings;

    @Inject
    Domains domains;

    @Inject
    Steering steering;

    @Inject
    HopSigner signer;

    @Inject
    HttpStats stats;

    @Inject
    Uploads uploads;

    @Inject
    LongSupplier nanoTime;

    private final ConcurrentMap<Method, OwnedBinding> bindings = new ConcurrentHashMap<>();

    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        try {
            Arrival arrival = arrival(request);
            switch (steering.steer(arrival)) {
                case Course.Here here -> enter(request, arrival, here);
                case Course.Relayed relayed -> request.abortWith(relay(relayed.answer()));
                case Course.Redirected redirected -> request.abortWith(redirect(redirected));
                case Course.Refused refused ->
                    request.abortWith(refused.problem().response());
            }
        } catch (ProblemException e) {
            stats.add(HttpStats.Outcome.REJECTED);
            request.abortWith(e.problem().response());
        }
    }

    private Arrival arrival(ContainerRequestContext request) throws IOException {
        OwnedBinding binding = bindings.computeIfAbsent(
                resource.getResourceMethod(), method -> OwnedBinding.of(resource.getResourceClass(), method));
        Key key = binding.key(request.getUriInfo(), domains);
        Headers headers = Headers.of(request.getHeaders());
        URI uri = request.getUriInfo().getRequestUri();
        Credentials credentials = Credentials.of(headers, request.getMethod(), uri, signer, stats);
        Deadline deadline = deadline(headers.single(Hop.DEADLINE), credentials.trusted());
        if (!credentials.trusted()) identify(request.getHeaders(), headers);
        long length = ContentLength.of(headers.single("Content-Length"), headers.single("Transfer-Encoding"));
        if (uploads.isTooLarge(length)) throw new ProblemException(uploads.tooLarge());
        request.setEntityStream(
                credentials.trusted()
                        ? uploads.ofPeer(request.getEntityStream(), deadline)
                        : uploads.ofClient(request.getEntityStream(), length, deadline));
        var body = new HopBody(request.getEntityStream(), settings.bufferLimit());
        if (credentials.trusted()) checkDigest(headers.single(Hop.DIGEST), body);
        Trip trip = Trip.current();
        return new Arrival(
                key,
                new HopRequest(
                        request.getMethod(),
                        belowContext(uri.getRawPath(), trip),
                        uri.getRawQuery(),
                        headers,
                        uri.getScheme(),
                        trip == null ? "unknown" : trip.remoteAddress(),
                        body),
                deadline,
                credentials.hop(),
                binding.idempotent(),
                RequestIds.isClients(headers));
    }

    /// The peer's words with somebody else's body.
    private void checkDigest(@Nullable String signed, HopBody body) throws IOException {
        if (signed == null) return; // it is long
        try {
            if (signed.equals(body.digest())) return;
        } catch (Uploads.Refused e) {
            throw new ProblemException(e.problem());
        } catch (HopBody.ClientGone e) {
            // half of it is another one
        }
        stats.badSignature();
        throw new ProblemException(Problem.of(400, "hop-altered", "The body is not the one that was signed."));
    }

    /// Drops what only a peer may say, and gives the request its id.
    private static void identify(MultivaluedMap<String, String> seenByResource, Headers headers) {
        String requestId = RequestIds.of(headers).text();
        headers.stripHop();
        seenByResource.remove(Hop.FORWARD);
        seenByResource.remove(Hop.DEADLINE);
        seenByResource.remove(Hop.DIGEST);
        seenByResource.remove(RequestId.HEADER);
        headers.set(RequestId.HEADER, requestId);
        seenByResource.putSingle(RequestId.HEADER, requestId);
    }

    private Deadline deadline(@Nullable String millisLeft, boolean trusted) {
        long now = nanoTime.getAsLong();
        if (millisLeft == null || !millisLeft.matches("\\d{1,9}")) return Deadline.in(settings.deadline(), now);
        Duration asked = Duration.ofMillis(Long.parseLong(millisLeft));
        boolean longer = asked.compareTo(settings.deadline()) > 0;
        return Deadline.in(longer && !trusted ? settings.deadline() : asked, now);
    }

    private static String belowContext(String path, @Nullable Trip trip) {
        return trip != null && path.startsWith(trip.contextPath())
                ? path.substring(trip.contextPath().length())
                : path;
    }

    private static void enter(ContainerRequestContext request, Arrival arrival, Course.Here here) throws IOException {
        request.setProperty(OwnerHeaders.HERE, here);
        request.setProperty(RequestDeadline.PROPERTY, arrival.deadline());
        if (arrival.hop() != null) request.setProperty(ProblemFilter.HOP, arrival.hop());
        if (here.doubt()) request.setProperty(ProblemFilter.DOUBT, true);
        HopBody body = arrival.request().body();
        if (body.isTouched()) request.setEntityStream(body.stream());
        Trip trip = Trip.current();
        if (trip == null) return;
        trip.deadline(arrival.deadline());
        trip.atEnd(here.pass()::leave);
    }

    /// The same method with the same body, asked of the owner.
    private static Response redirect(Course.Redirected redirected) {
        return Response.status(Response.Status.TEMPORARY_REDIRECT)
                .header(HttpHeaders.LOCATION, redirected.location())
                .header(OwnerHeaders.OWNER, redirected.to().owner().info().name())
                .header(OwnerHeaders.EPOCH, redirected.to().epoch().toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static Response relay(HopAnswer answer) {
        var response = Response.status(answer.status());
        answer.headers().forEach(response::header);
        if (answer.isEmpty()) return response.build();
        if (answer.isWhole()) return response.entity(answer.head()).build();
        Trip trip = Trip.current();
        if (trip != null) trip.atEnd(answer::release);
        return response.entity((StreamingOutput) answer::writeTo).build();
    }
}
