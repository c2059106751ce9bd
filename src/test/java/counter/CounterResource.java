package counter;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import plumb.Effect;
import plumb.Idempotent;
import plumb.Keyed;
import plumb.Owned;
import plumb.RequestId;

/// Counters over HTTP, at any instance.
@ApplicationScoped
@Path("counters/{counter}")
@Owned("counter")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class CounterResource {
    @Inject
    Keyed<Counter> counters;

    @GET
    public CompletionStage<Counter.Total> read(@PathParam("counter") String name) {
        return counters.at(name).call(Counter::total);
    }

    @POST
    @Idempotent
    public CompletionStage<Counter.Total> add(
            @PathParam("counter") String name,
            @HeaderParam(RequestId.HEADER) RequestId request,
            @NotNull Counter.Add add) {
        return counters.at(name).call(counter -> counter.add(add, request)).thenApply(Effect::value);
    }
}
