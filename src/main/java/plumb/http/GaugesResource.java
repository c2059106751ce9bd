package plumb.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The live gauges of the whole cluster: any instance asks all the others. A peer that asks gets this instance's part.
@Dependent
@Path(GaugesResource.PATH)
public class GaugesResource {
    static final String PATH = "plumb/gauges";

    private static final String NO_STORE = "no-store";

    @Inject
    GaugeTotals totals;

    @Inject
    HttpSettings settings;

    @Inject
    HopSigner signer;

    @Inject
    HttpStats stats;

    /// Every gauge's name, and its domain.
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Map<String, String> all() {
        return new TreeMap<>(totals.gauges());
    }

    /// The exact sum, as far as it can be had within two seconds: see [GaugeTotal].
    @GET
    @Path("{gauge}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    public CompletionStage<Response> one(
            @PathParam("gauge") String gauge, @Context HttpHeaders headers, @Context UriInfo uri) {
        String domain = totals.gauges().get(gauge);
        if (domain == null)
            throw new ProblemException(Problem.of(404, "no-such-gauge", "There is no live gauge of that name."));
        if (isHop(headers, uri)) return CompletableFuture.completedStage(part(gauge));
        return totals.of(gauge, domain)
                .thenApply(total -> Response.ok(total, MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CACHE_CONTROL, NO_STORE)
                        .build());
    }

    private boolean isHop(HttpHeaders headers, UriInfo uri) {
        Headers received = Headers.of(headers.getRequestHeaders());
        return Credentials.of(received, "GET", uri.getRequestUri(), signer, stats)
                        .hop()
                != null;
    }

    private Response part(String gauge) {
        return Response.ok(totals.part(gauge), MediaType.TEXT_PLAIN)
                .header(OwnerHeaders.OWNER, settings.instanceName())
                .header(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .build();
    }
}
