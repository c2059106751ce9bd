package bench.baseline;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The requests that are compared, with the answers of the real service.
@RequestScoped
@Path("{way}/customers/{customer}")
@Produces(MediaType.APPLICATION_JSON)
public class CustomerResource {
    @Inject
    Optimistic optimistic;

    @Inject
    Pessimistic pessimistic;

    @Inject
    OneStatement statement;

    @PathParam("way")
    String way;

    @PathParam("customer")
    UUID id;

    @GET
    public Response read() {
        CustomerView customer = found(shop().read(id));
        return Response.ok(customer)
                .tag(new EntityTag(Long.toString(customer.version())))
                .build();
    }

    @PUT
    public Response put(CustomerBody body, @Context UriInfo uri) {
        return shop().put(id, body)
                ? Response.created(uri.getAbsolutePath()).build()
                : Response.noContent().build();
    }

    /// The unique constraint keeps one order per request; that the second one gets the first one's answer is left out.
    @POST
    @Path("orders")
    public Response reorder(@Nullable @HeaderParam("Idempotency-Key") String key, @Context UriInfo uri) {
        String requestId = key == null ? UUID.randomUUID().toString() : key;
        OrderView order = found(shop().reorder(id, requestId));
        return Response.created(
                        uri.getAbsolutePathBuilder().path(order.id().toString()).build())
                .entity(order)
                .build();
    }

    private Shop shop() {
        return switch (way) {
            case "optimistic" -> optimistic;
            case "pessimistic" -> pessimistic;
            case "statement" -> statement;
            default -> throw new NotFoundException("There is no way " + way + ".");
        };
    }

    private static <T> T found(@Nullable T wanted) {
        if (wanted == null) throw new NotFoundException("There is no such customer.");
        return wanted;
    }
}
