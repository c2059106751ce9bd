package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import plumb.Draining;
import plumb.Keyed;
import plumb.NotOwner;

/// New customers. Nobody owns the collection: any instance draws an id that it owns itself.
@ApplicationScoped
@Path("customers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class CustomersResource {
    private static final int TRIES = 3;

    @Inject
    Keyed<Usual> usuals;

    @POST
    public CompletionStage<Response> create(@NotNull @Valid CustomerBody body, @Context UriInfo uri) {
        UriBuilder location = uri.getAbsolutePathBuilder(); // UriInfo is gone once the request is suspended
        return create(usuals, body, TRIES)
                .thenApply(saved -> CustomerResource.created(
                        saved.customer(),
                        location.path(saved.customer().id().toString()).build()));
    }

    /// Nothing but an id drawn here ties the customer to a range, so when that range moves away another id will do.
    private static CompletionStage<Usual.Saved> create(Keyed<Usual> usuals, CustomerBody body, int tries) {
        return usuals.at(usuals.freshKey())
                .call(usual -> usual.put(body, IfMatch.NONE))
                .exceptionallyCompose(
                        failure -> tries > 1 && (failure instanceof NotOwner || failure instanceof Draining)
                                ? create(usuals, body, tries - 1)
                                : CompletableFuture.failedStage(failure));
    }
}
