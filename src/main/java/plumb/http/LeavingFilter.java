package plumb.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import plumb.ownership.LeaseKeeper;

/// Who leaves asks clients and balancers to connect to somebody else next time: a kept-alive connection would bring
/// requests until the process ends.
@Provider
@Dependent
public class LeavingFilter implements ContainerResponseFilter {
    @Inject
    LeaseKeeper keeper;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (keeper.state() == LeaseKeeper.State.LEAVING) response.getHeaders().putSingle("Connection", "close");
    }
}
