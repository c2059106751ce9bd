package plumb.metrics;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/// The same three checks as MicroProfile Health's, at an address that is the same on every server. 200 or 503.
@Dependent
@Path("plumb/health")
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    @Inject
    Health health;

    /// Migrated and registered.
    @GET
    @Path("started")
    public Response started() {
        return answer(health.started());
    }

    /// Worth sending requests to.
    @GET
    @Path("ready")
    public Response ready() {
        return answer(health.ready());
    }

    /// Not beyond help.
    @GET
    @Path("live")
    public Response live() {
        return answer(health.live());
    }

    private static Response answer(Health.Check check) {
        var uncached = new CacheControl();
        uncached.setNoStore(true);
        return Response.status(check.up() ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE)
                .entity(Map.of("status", check.up() ? "UP" : "DOWN", "data", check.data()))
                .cacheControl(uncached)
                .build();
    }
}
