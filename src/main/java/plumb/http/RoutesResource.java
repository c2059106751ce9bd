package plumb.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.keyspace.Slot;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Tells outsiders who owns what, as this instance knows it. Instances show by name and public address only.
@Dependent
@Path("routes")
@Produces(MediaType.APPLICATION_JSON)
public class RoutesResource {
    @Inject
    Routes routes;

    @Inject
    Domains domains;

    @Inject
    Watchers watchers;

    /// The routing table of a domain, enough to find the owner of a key without asking.
    ///
    /// @param function version of the function from key to slot ([Slot#FUNCTION_VERSION])
    /// @param keys how keys are spelled ([plumb.keyspace.KeyType])
    public record Table(String domain, int function, String keys, long version, List<Range> ranges) {}

    /// A range and its owner; null: none. Bounds are at most 2^32, so every client's numbers hold them.
    @JsonbNillable
    public record Range(
            int range, long lo, long hi, @Nullable Owner owner, long epoch) {}

    /// Who owns a key.
    @JsonbNillable
    public record Place(
            String domain,
            String key,
            long slot,
            int range,
            long lo,
            long hi,
            @Nullable Owner owner,
            long epoch,
            boolean local) {}

    /// An instance.
    ///
    /// @param url its public one
    public record Owner(String name, String url) {}

    /// All ranges in order. A client that has this table already (`If-None-Match`) may wait for the next one, without
    /// holding a thread here.
    ///
    /// @param wait how long, as `PT20S`; `Prefer: wait=20` says the same
    @GET
    @Path("{domain}")
    public CompletionStage<Response> table(
            @PathParam("domain") String domain,
            @QueryParam("wait") @Nullable String wait,
            @HeaderParam("Prefer") @Nullable String prefer,
            @Context Request request) {
        RoutingTable table = known(domain);
        Duration patience = Patience.of(wait, prefer);
        boolean seen = request.evaluatePreconditions(tag(table)) != null;
        if (!seen) return CompletableFuture.completedStage(changed(domain, table));
        if (patience.isZero()) return CompletableFuture.completedStage(unchanged(table));
        return watchers.next(table, patience)
                .orElseThrow(RoutesResource::crowded)
                .thenApply(next -> next.version() == table.version() ? unchanged(next) : changed(domain, next));
    }

    private static ProblemException crowded() {
        return new ProblemException(
                Problem.of(503, "overloaded", "Too many clients wait for the routing table; ask without waiting.")
                        .retryAfter(Duration.ofSeconds(1)));
    }

    private Response changed(String domain, RoutingTable table) {
        var body = new Table(
                domain,
                Slot.FUNCTION_VERSION,
                Objects.requireNonNull(domains.types().get(domain)).name(),
                table.version(),
                table.routes(domain).stream().map(RoutesResource::range).toList());
        return tagged(Response.ok(body), table);
    }

    private static Response unchanged(RoutingTable table) {
        return tagged(Response.notModified(), table);
    }

    /// The range of one key.
    @GET
    @Path("{domain}/{key}")
    public Response place(
            @PathParam("domain") String domain, @PathParam("key") String spelling, @Context Request request) {
        RoutingTable table = known(domain);
        Key key = key(domain, spelling);
        return answer(table, request, () -> place(key, table.route(key)));
    }

    private RoutingTable known(String domain) {
        if (!domains.has(domain))
            throw new ProblemException(Problem.of(404, "no-such-domain", "There is no such domain."));
        RoutingTable table = routes.current();
        if (table.routes(domain).isEmpty()) throw new ProblemException(Refusals.unowned(null)); // still starting
        return table;
    }

    private Key key(String domain, String spelling) {
        try {
            return domains.key(domain, spelling);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(400, "bad-key", "key: " + e.getMessage()).with("parameter", "key"));
        }
    }

    private static Response answer(RoutingTable table, Request request, Supplier<Object> body) {
        var unchanged = request.evaluatePreconditions(tag(table));
        return tagged(unchanged != null ? unchanged : Response.ok(body.get()), table);
    }

    private static Response tagged(Response.ResponseBuilder answer, RoutingTable table) {
        var cache = new CacheControl();
        cache.setNoCache(true); // may be kept, must be asked about
        return answer.tag(tag(table)).cacheControl(cache).build();
    }

    private static EntityTag tag(RoutingTable table) {
        return new EntityTag(Long.toString(table.version()));
    }

    static Range range(Route route) {
        return new Range(
                route.range().value(),
                route.keys().lo(),
                route.keys().hi(),
                owner(route),
                route.epoch().value());
    }

    private static Place place(Key key, Route route) {
        Range range = range(route);
        boolean local = route instanceof Route.Local;
        return new Place(
                key.domain(),
                key.text(),
                key.slot().value(),
                range.range,
                range.lo,
                range.hi,
                range.owner,
                range.epoch,
                local);
    }

    private static @Nullable Owner owner(Route route) {
        return switch (route) {
            case Route.Local local -> owner(local.owner());
            case Route.Remote remote -> owner(remote.owner());
            case Route.Unowned unowned -> null;
        };
    }

    private static Owner owner(InstanceRow instance) {
        return new Owner(instance.info().name(), instance.info().publicUrl());
    }
}
