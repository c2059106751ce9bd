package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import plumb.Idempotent;
import plumb.Keyed;
import plumb.Owned;
import plumb.RequestId;

/// One customer's orders.
@ApplicationScoped
@Path("customers/{customer}/orders")
@Owned("customer")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {
    @Inject
    Keyed<Usual> usuals;

    @Inject
    Pantry pantry;

    @POST
    @Idempotent
    public CompletionStage<Response> reorder(
            @PathParam("customer") UUID id,
            @HeaderParam(RequestId.HEADER) RequestId requestId,
            @Nullable @Valid ReorderRequest body,
            @Context UriInfo uri) {
        ReorderRequest request = body == null ? ReorderRequest.AS_USUAL : body;
        UriBuilder location = uri.getAbsolutePathBuilder(); // UriInfo is gone once the request is suspended
        return usuals.at(id)
                .call(usual -> usual.reorder(request, requestId))
                .thenApply(placed -> answer(placed, location));
    }

    @GET
    public CompletionStage<Response> list(
            @PathParam("customer") UUID id,
            @Nullable @QueryParam("limit") String limit,
            @Nullable @QueryParam("after") String after,
            @Context UriInfo uri) {
        Page page = Page.of(limit, after);
        UriBuilder self = uri.getRequestUriBuilder();
        return usuals.at(id)
                .call(usual -> usual.ordersBefore(page.before(), page.toRead()))
                .thenApply(orders -> page.answer(orders, self));
    }

    @GET
    @Path("live")
    public CompletionStage<LiveView> live(@PathParam("customer") UUID id) {
        return usuals.at(id).call(Usual::live).thenApply(LiveView::of);
    }

    @PUT
    @Path("{order}/courier")
    public CompletionStage<Response> courier(
            @PathParam("customer") UUID id, @PathParam("order") String order, @NotNull @Valid Position position) {
        UUID of = OrderView.id(order);
        return usuals.at(id)
                .call(usual -> {
                    usual.courier(of, position);
                    return position;
                })
                .thenApply(known -> Response.noContent().build());
    }

    /// Reported as often as it takes, the step is made once.
    @POST
    @Path("{order}/events")
    @Idempotent
    public CompletionStage<Response> report(
            @PathParam("customer") UUID id, @PathParam("order") String order, @NotNull @Valid EventBody event) {
        UUID of = OrderView.id(order);
        Stage step = event.stage();
        return usuals.at(id)
                .call(usual -> usual.report(of, step))
                .thenApply(done -> Response.noContent().build());
    }

    /// Before it is baked, so ahead of everything that waits.
    @DELETE
    @Path("{order}")
    @Idempotent
    public CompletionStage<Response> cancel(@PathParam("customer") UUID id, @PathParam("order") String order) {
        UUID unwanted = OrderView.id(order);
        return usuals.at(id).urgent().call(usual -> usual.cancel(unwanted)).thenApply(before -> {
            pantry.cancelled(before);
            return Response.noContent().build();
        });
    }

    @GET
    @Path("{order}")
    public CompletionStage<OrderView> read(@PathParam("customer") UUID id, @PathParam("order") String order) {
        UUID wanted = OrderView.id(order);
        return usuals.at(id).call(usual -> usual.ticket(wanted)).thenApply(OrderView::of);
    }

    private static Response answer(Usual.Placed placed, UriBuilder location) {
        OrderView order = OrderView.of(placed.ticket());
        return Response.status(placed.repeated() ? Response.Status.OK : Response.Status.CREATED)
                .location(location.path(order.id().toString()).build())
                .entity(order)
                .build();
    }
}
