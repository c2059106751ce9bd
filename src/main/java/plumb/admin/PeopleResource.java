package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.access.LetIn;
import plumb.access.Role;
import plumb.http.HttpSettings;
import plumb.http.Problem;
import plumb.http.ProblemException;
import plumb.ownership.Decision;

/// Who may look and who may change. A person has a password, a script a token.
@Dependent
@Path("plumb/people")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Allowed(Role.ADMIN)
public class PeopleResource {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
    private static final int SHORTEST = 12;

    @Inject
    LetIn people;

    @Inject
    HttpSettings settings;

    @Context
    SecurityContext caller;

    /// Somebody, without his secrets.
    public record PersonView(String name, String role, Instant since) {}

    /// @param token told this once
    public record Token(String token) {}

    @GET
    public List<PersonView> all() {
        return people.all().stream()
                .map(row -> new PersonView(row.name(), row.role(), row.since()))
                .toList();
    }

    /// Lets somebody in, or changes his role or password.
    ///
    /// @param body `{"role": "viewer", "password": "…", "reason": "…"}`; without a password he has tokens
    ///     only, or keeps the one he has
    @PUT
    @Path("{name}")
    public Response put(@PathParam("name") String name, @Nullable JsonObject body) {
        String reason = Bodies.text(body, "reason");
        String spelled = Bodies.text(body, "role");
        Role role = Role.of(spelled)
                .orElseThrow(() -> problem(422, "invalid", "role: viewer, operator or admin, not " + spelled + "."));
        if (!NAME.matcher(name).matches()) throw problem(422, "invalid", "name: up to 64 of A-Z a-z 0-9 . _ @ -");
        String password = body != null && body.containsKey("password") ? Bodies.text(body, "password") : null;
        if (password != null && password.length() < SHORTEST)
            throw problem(422, "invalid", "password: at least " + SHORTEST + " characters.");
        if (isCaller(name) && role != Role.ADMIN)
            throw problem(409, "yourself", "You would keep yourself out; ask another admin.");
        people.put(name, role, password, decision(reason));
        return Response.noContent().build();
    }

    /// @param reason kept with who asked
    @DELETE
    @Path("{name}")
    public Response remove(@PathParam("name") String name, @QueryParam("reason") @Nullable String reason) {
        if (isCaller(name)) throw problem(409, "yourself", "You would keep yourself out; ask another admin.");
        if (!people.remove(name, decision(reason == null || reason.isBlank() ? "left" : reason.strip())))
            throw problem(404, "no-such-person", "There is nobody called " + name + ".");
        return Response.noContent().build();
    }

    /// A new token of somebody, for `Authorization: Bearer`, valid for a year.
    @POST
    @Path("{name}/tokens")
    public Response token(@PathParam("name") String name) {
        String token = people.token(name)
                .orElseThrow(() -> problem(404, "no-such-person", "There is nobody called " + name + "."));
        return Response.status(Response.Status.CREATED)
                .entity(new Token(token))
                .header("Cache-Control", "no-store")
                .build();
    }

    private boolean isCaller(String name) {
        return caller.getUserPrincipal() != null
                && caller.getUserPrincipal().getName().equals(name);
    }

    private Decision decision(String reason) {
        return Who.decides(caller, settings, reason);
    }

    private static ProblemException problem(int status, String type, String detail) {
        return new ProblemException(Problem.of(status, type, detail));
    }
}
