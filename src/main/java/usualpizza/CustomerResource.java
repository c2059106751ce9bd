package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import plumb.Keyed;
import plumb.Owned;

/// One customer.
@ApplicationScoped
@Path("customers/{customer}")
@Owned("customer")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class CustomerResource {
    @Inject
    Keyed<Usual> usuals;

    @GET
    public CompletionStage<Response> read(
            @PathParam("customer") UUID id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> known) {
        return usuals.at(id).call(Usual::customer).thenApply(customer -> {
            String tag = IfMatch.tag(customer.version());
            Response.ResponseBuilder answer =
                    IfMatch.isKnown(known, customer.version()) ? Response.notModified() : Response.ok(customer);
            return answer.tag(tag).build();
        });
    }

    @PUT
    public CompletionStage<Response> put(
            @PathParam("customer") UUID id,
            @NotNull @Valid CustomerBody body,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> versions,
            @Context UriInfo uri) {
        IfMatch condition = IfMatch.of(versions);
        URI location = uri.getAbsolutePath();
        return usuals.at(id)
                .call(usual -> usual.put(body, condition))
                .thenApply(saved -> saved.created() ? created(saved.customer(), location) : changed(saved.customer()));
    }

    @PUT
    @Path("address")
    public CompletionStage<Response> move(
            @PathParam("customer") UUID id,
            @NotNull @Valid Address address,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> versions) {
        IfMatch condition = IfMatch.of(versions);
        return usuals.at(id).call(usual -> usual.move(address, condition)).thenApply(CustomerResource::changed);
    }

    @PUT
    @Path("usual")
    public CompletionStage<Response> prefer(
            @PathParam("customer") UUID id,
            @NotNull @Valid Choice choice,
            @HeaderParam(HttpHeaders.IF_MATCH) List<String> versions) {
        IfMatch condition = IfMatch.of(versions);
        return usuals.at(id).call(usual -> usual.prefer(choice, condition)).thenApply(CustomerResource::changed);
    }

    static Response created(Customer customer, URI location) {
        return Response.created(location)
                .entity(customer)
                .tag(IfMatch.tag(customer.version()))
                .build();
    }

    private static Response changed(Customer customer) {
        return Response.noContent().tag(IfMatch.tag(customer.version())).build();
    }
}
