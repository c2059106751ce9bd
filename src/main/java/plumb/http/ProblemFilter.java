package plumb.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Finishes every [Problem]: says it in the way that fits the caller (a peer or the public), gives it the trace id, and
/// logs what is our fault under that id.
@Provider
public class ProblemFilter implements ContainerResponseFilter {
    /// Request property: came as a hop.
    static final String HOP = "plumb.hop";
    /// Request property: an earlier attempt may have been applied.
    static final String DOUBT = "plumb.doubt";

    private static final System.Logger LOG = System.getLogger(ProblemFilter.class.getName());
    private static final Set<String> WRONG_OWNER = Set.of("not-owner", "draining");

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(response.getEntity() instanceof Problem made)) return;
        Problem problem = forCaller(request, made);
        String trace = TraceId.urn(request.getHeaderString("traceparent"));
        if (problem.status() != made.status()) response.setStatus(problem.status());
        if (!problem.headers().containsKey("Retry-After")) response.getHeaders().remove("Retry-After");
        byte[] body = problem.json(trace).getBytes(StandardCharsets.UTF_8);
        response.setEntity(body, new Annotation[0], Problem.MEDIA);
        Throwable cause = problem.cause();
        if (cause != null) LOG.log(System.Logger.Level.ERROR, () -> "request failed, " + trace, cause);
    }

    private static Problem forCaller(ContainerRequestContext request, Problem problem) {
        boolean notApplied = problem.headers().containsKey("Retry-After");
        if (notApplied && request.getProperty(DOUBT) != null) return Refusals.unknownOutcome(504);
        if (WRONG_OWNER.contains(problem.type()) && request.getProperty(HOP) != null) return problem.misdirected();
        return problem;
    }
}
