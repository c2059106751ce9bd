package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.access.Role;
import plumb.http.HttpSettings;
import plumb.http.Problem;
import plumb.http.ProblemException;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.ownership.Decision;
import plumb.postgres.QuarantineTable;

/// Keys that are shut out because their handlers kept failing or brought instances down, and those under suspicion.
/// Viewers see the keys masked: they are people's.
@Dependent
@Path("plumb/quarantine")
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class QuarantineResource {
    @Inject
    QuarantineTable table;

    @Context
    SecurityContext caller;

    @Inject
    Domains domains;

    @Inject
    HttpSettings settings;

    /// @param state `quarantined` or `suspected`
    /// @param cause `failing`, `crashing`, or null: suspected only
    /// @param crashes instances that died while its code ran
    /// @param by the instance that said so last
    public record View(
            String domain,
            String key,
            String state,
            @Nullable String cause,
            @Nullable Instant since,
            int crashes,
            @Nullable Instant lastCrash,
            @Nullable String detail,
            String by) {
        static View of(QuarantineTable.Row row, boolean masked) {
            return new View(
                    row.key().domain(),
                    masked ? Text.masked(row.key().text()) : row.key().text(),
                    row.isShut() ? "quarantined" : "suspected",
                    row.cause(),
                    row.shutAt(),
                    row.crashes(),
                    row.lastCrash(),
                    row.detail(),
                    row.by());
        }
    }

    /// All, those that are shut out first.
    @GET
    public List<View> list() {
        boolean masked = Who.seesKeysMasked(caller);
        return table.all().stream().map(row -> View.of(row, masked)).toList();
    }

    /// Lets a key in again.
    ///
    /// @param reason why it is good now; kept with the decision
    @DELETE
    @Path("{domain}/{key}")
    @Allowed(Role.OPERATOR)
    public Response release(
            @PathParam("domain") String domain,
            @PathParam("key") String spelling,
            @QueryParam("reason") @Nullable String reason) {
        if (reason == null || reason.isBlank() || reason.length() > Bodies.LONGEST)
            throw problem(422, "invalid", "reason: 1 to " + Bodies.LONGEST + " characters, as a query parameter.");
        Decision decision = Who.decides(caller, settings, reason.strip());
        if (!table.release(key(domain, spelling), decision))
            throw problem(404, "not-quarantined", "That key is not in quarantine.");
        return Response.noContent().build();
    }

    private Key key(String domain, String spelling) {
        try {
            return domains.key(domain, spelling);
        } catch (IllegalArgumentException e) {
            throw problem(404, "no-such-key", String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException problem(int status, String type, String detail) {
        return new ProblemException(Problem.of(status, type, detail));
    }
}
