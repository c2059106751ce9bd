package plumb.access;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.http.Problem;

/// Refuses who may not. Whoever is not known here is nobody: were a request to get around [IdentityFilter] by some
/// spelling of its path, it would be refused.
@Provider
@Allowed
@Dependent
@Priority(Priorities.AUTHORIZATION)
public class AllowedFilter implements ContainerRequestFilter {
    /// A browser sends it to another origin only after that one has agreed, and ours never does.
    static final String BY_SCRIPT = "Plumb-Request";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    @Inject
    AccessSettings settings;

    @Context
    ResourceInfo resource;

    @Context
    HttpServletRequest servlet;

    @Override
    public void filter(ContainerRequestContext request) {
        Allowed allowed = allowed();
        if (allowed.orOnLoopback() && Loopback.is(servlet)) return;
        Problem refusal = refusal(request, allowed.value());
        if (refusal != null) request.abortWith(refusal.response());
    }

    private Allowed allowed() {
        Allowed ofMethod = resource.getResourceMethod().getAnnotation(Allowed.class);
        return ofMethod != null
                ? ofMethod
                : Objects.requireNonNull(resource.getResourceClass().getAnnotation(Allowed.class));
    }

    private @Nullable Problem refusal(ContainerRequestContext request, Role least) {
        if (!settings.enabled())
            return Problem.of(404, "admin-disabled", "plumb.admin.enabled is false on this instance.");
        Problem refused = IdentityFilter.refusalOf(servlet);
        if (refused != null) return refused;
        SecurityContext security = request.getSecurityContext();
        if (security.getUserPrincipal() == null) return unknown(request);
        if (!security.isUserInRole(least.inServer()))
            return Problem.of(403, "role", "The role " + least.inServer() + " is required.");
        return SAFE.contains(request.getMethod()) ? null : refusalOfChange(request);
    }

    private @Nullable Problem refusalOfChange(ContainerRequestContext request) {
        if (isByBrowser(request) && request.getHeaderString(BY_SCRIPT) == null)
            return Problem.of(
                    403, "forged", "What changes something needs the header " + BY_SCRIPT + " from a browser.");
        if (settings.readonly())
            return Problem.of(
                    403, "read-only", "Nothing can be changed here: plumb.admin.readonly is true on this instance.");
        return null;
    }

    private static boolean isByBrowser(ContainerRequestContext request) {
        return request.getHeaderString("Origin") != null
                || request.getHeaderString("Sec-Fetch-Site") != null
                || request.getHeaderString(HttpHeaders.COOKIE) != null;
    }

    /// Without a challenge for the pages' own scripts: the browser would ask for a password in a window of its own.
    private static Problem unknown(ContainerRequestContext request) {
        Problem unknown =
                Problem.of(401, "unauthenticated", "Say who you are: by Basic, Bearer, or the form of /admin.");
        return request.getHeaderString(BY_SCRIPT) == null
                ? unknown.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"plumb\", charset=\"UTF-8\"")
                : unknown;
    }
}
