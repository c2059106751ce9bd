package container;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
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
import plumb.Peers;
import plumb.RequestId;

/// From one counter to another, whoever owns that one.
@Path("tallies/{tally}")
@Owned("tally")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class GiftsResource {
    @Inject
    Keyed<Tally> tallies;

    @Inject
    Peers peers;

    /// Both sums after it.
    public record Gift(Tally.Sum from, Tally.Sum to, boolean repeated) {}

    @POST
    @Path("amounts")
    @Idempotent
    public CompletionStage<Tally.Sum> add(
            @PathParam("tally") String tally, @HeaderParam(RequestId.HEADER) RequestId request, Tally.Amount amount) {
        return tallies.at(tally).call(state -> state.add(amount, request)).thenApply(Effect::value);
    }

    /// The first part is committed before the second is asked for, and both happen once per request: a client that got
    /// no answer sends it again.
    @POST
    @Path("gifts/{to}")
    @Idempotent
    public CompletionStage<Gift> give(
            @PathParam("tally") String tally,
            @PathParam("to") String to,
            @HeaderParam(RequestId.HEADER) RequestId request,
            Tally.Amount amount) {
        var taken = new Tally.Amount(-amount.amount());
        return tallies.at(tally)
                .call(state -> state.add(taken, request))
                .thenCompose(from -> peers.send(Peers.post("tally", to, "tallies/{tally}/amounts")
                                .body(amount)
                                .once("gift-" + request))
                        .thenApply(answer -> new Gift(from.value(), answer.as(Tally.Sum.class), from.repeated())));
    }
}
