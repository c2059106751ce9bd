package plumb.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import plumb.Owned;

/// Says in every answer of an [Owned] resource that was made here who owns the key, and lets the request out of its
/// gate.
@Provider
@Owned("")
public class OwnerHeaders implements ContainerResponseFilter {
    static final String OWNER = "Plumb-Owner";
    static final String EPOCH = "Plumb-Epoch";
    static final String HERE = "plumb.here";

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(HERE) instanceof Course.Here here)) return;
        here.pass().leave();
        response.getHeaders().putSingle(OWNER, here.route().owner().info().name());
        response.getHeaders().putSingle(EPOCH, here.route().epoch().toString());
    }
}
