package cluster.fuse;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.concurrent.CompletionStage;
import plumb.Keyed;
import plumb.Owned;

@ApplicationScoped
@Path("fuses/{fuse}")
@Owned("fuse")
@Produces("text/plain")
public class FuseResource {
    @Inject
    Keyed<Fuse> fuses;

    @GET
    public CompletionStage<String> look(@PathParam("fuse") String fuse) {
        return fuses.at(fuse).call(Fuse::look);
    }

    @POST
    public CompletionStage<String> blow(@PathParam("fuse") String fuse) {
        return fuses.at(fuse).call(Fuse::blow);
    }
}
