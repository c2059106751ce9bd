package plumb.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.ownership.InstanceRow;
import plumb.routing.Route;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Tells outsiders who owns what, as this instance knows it. Instances show by name and public address only.
@Dependent
@Path("routes")
@Produces(MediaType.APPLICATION_JSON)
public class RoutesResource {
    private final Routes routes;
    private final Domains domains;

    @Inject
    public RoutesResource(Routes routes, Domains domains) {
        this.routes = routes;
        this.domains = domains;
    }

    /// The routing table of a domain.
    public record Table(String domain, long version, List<Range> ranges) {}

    /// A range and its owner; null: none.
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
    public record Owner(String name, String url) {}

    /// All ranges in order.
    @GET
    @Path("{domain}")
    public Response table(@PathParam("domain") String domain, @Context Request request) {
        RoutingTable table = known(domain);
        return answer(
                table,
                request,
                () -> new Table(
                        domain,
                        table.version(),
                        table.routes(domain).stream().map(RoutesResource::range).toList()));
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
        var tag = new EntityTag(Long.toString(table.version()));
        var unchanged = request.evaluatePreconditions(tag);
        var answer = unchanged != null ? unchanged : Response.ok(body.get());
        var cache = new CacheControl();
        cache.setNoCache(true); // may be kept, must be asked about
        return answer.tag(tag).cacheControl(cache).build();
    }

    private static Range range(Route route) {
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
