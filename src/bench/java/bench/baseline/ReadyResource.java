package bench.baseline;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/// Answers once the application is there.
@RequestScoped
@Path("ready")
public class ReadyResource {
    @GET
    public Response read() {
        return Response.noContent().build();
    }
}
