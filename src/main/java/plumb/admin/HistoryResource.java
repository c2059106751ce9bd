package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.http.Problem;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.postgres.LeaseHistory;

/// Who owned this key at that time, and why it moved.
@Dependent
@Path("plumb/history")
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class HistoryResource {
    private static final int MOST_GRANTS = 200;

    @Inject
    LeaseHistory history;

    @Inject
    Domains domains;

    /// @param at RFC 3339, `2026-01-31T12:03:07Z`; without it, the latest grants of that key's slot, newest first
    @GET
    @Path("{domain}/{key}")
    public Response ownerAt(
            @PathParam("domain") String domain,
            @PathParam("key") String spelling,
            @QueryParam("at") @Nullable String at) {
        if (!domains.has(domain))
            return Problem.of(404, "no-such-domain", "There is no such domain.").response();
        Key key;
        Instant time;
        try {
            key = domains.key(domain, spelling);
        } catch (IllegalArgumentException e) {
            return bad("key", e.getMessage());
        }
        if (at == null)
            return Response.ok(history.of(domain, KeyRange.of(key.slot()), MOST_GRANTS))
                    .build();
        try {
            time = OffsetDateTime.parse(at).toInstant();
        } catch (DateTimeParseException e) {
            return bad("at", "write a time as RFC 3339 does, 2026-01-31T12:03:07Z");
        }
        return history.ownerAt(key, time)
                .map(grant -> Response.ok(grant).build())
                .orElseGet(() -> Problem.of(404, "not-remembered", "No grant of that time is remembered.")
                        .response());
    }

    private static Response bad(String parameter, @Nullable String detail) {
        return Problem.of(400, "bad-" + parameter, parameter + ": " + detail)
                .with("parameter", parameter)
                .response();
    }
}
