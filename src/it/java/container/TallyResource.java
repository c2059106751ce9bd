package container;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.concurrent.CompletionStage;
import plumb.Keyed;
import plumb.Owned;

/// The counter over HTTP.
@Path("tallies/{tally}")
@Owned("tally")
@Produces("text/plain")
public class TallyResource {
    @Inject
    Keyed<Tally> tallies;

    @GET
    public CompletionStage<String> total(@PathParam("tally") String tally) {
        return tallies.at(tally).call(state -> Long.toString(state.total()));
    }

    @POST
    public CompletionStage<String> add(@PathParam("tally") String tally) {
        return tallies.at(tally).call(state -> Long.toString(state.add(1)));
    }
}
