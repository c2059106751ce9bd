package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import plumb.access.Allowed;
import plumb.http.Problem;
import plumb.http.ProblemException;

/// Server-sent events: `changed`, with the version of the routing table, at once and whenever an owner, a range or an
/// instance has changed; `beat` every fifteen seconds.
@Dependent
@Path("plumb/events")
@Allowed
public class EventsResource {
    @Inject
    Viewers viewers;

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void watch(@Context SseEventSink sink, @Context Sse sse) {
        if (!viewers.add(sink, sse))
            throw new ProblemException(Problem.of(503, "too-many-viewers", "Too many look already; poll instead.")
                    .retryAfter(Duration.ofSeconds(15)));
    }
}
