package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/// Who waits for too long, of all customers. Nobody owns that: any instance reads the table.
@ApplicationScoped
@Path("escalations")
@Produces(MediaType.APPLICATION_JSON)
public class EscalationsResource {
    @Inject
    Archive archive;

    @GET
    public EscalationsView newest(@Nullable @QueryParam("limit") String limit) {
        return EscalationsView.of(archive.escalations(Page.of(limit, null).limit()));
    }
}
