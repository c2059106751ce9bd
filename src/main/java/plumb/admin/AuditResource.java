package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import plumb.access.Allowed;
import plumb.postgres.PostgresAudit;

/// Asks whether anything has happened that must never happen.
@Dependent
@Path("plumb/audit")
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class AuditResource {
    @Inject
    PostgresAudit audit;

    /// Looks now: at what is new, or at everything. One at a time per instance; who comes meanwhile gets what is known.
    @GET
    public Response run(@QueryParam("full") boolean full) {
        var uncached = new CacheControl();
        uncached.setNoStore(true);
        return Response.ok(audit.run(full)).cacheControl(uncached).build();
    }
}
