package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.access.Role;
import plumb.http.HttpSettings;
import plumb.http.Problem;
import plumb.http.ProblemException;
import plumb.ownership.Decision;
import plumb.ownership.InstanceRow;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseTable;
import plumb.ownership.Ownership;
import plumb.postgres.DrainWishes;

/// All instances, and what is wished of any of them from wherever one is: that it gives its ranges away, or serves
/// again. It hears of that at once.
@Dependent
@Path("plumb/instances")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class InstancesResource {
    @Inject
    SnapshotReader reader;

    @Inject
    LeaseTable table;

    @Inject
    DrainWishes wishes;

    @Inject
    HttpSettings settings;

    @Inject
    KeeperSettings keeper;

    @Context
    SecurityContext caller;

    /// Those that live, in order of names.
    @GET
    public List<InstanceLine> all() {
        return reader.read().instances();
    }

    /// @param name or incarnation
    /// @param body `{"reason": "…"}`
    @POST
    @Path("{name}/drain")
    @Allowed(Role.OPERATOR)
    public Response drain(@PathParam("name") String name, @Nullable JsonObject body) {
        String reason = Bodies.text(body, "reason");
        InstanceRow leaver = instance(name);
        if (keeper.ownership() instanceof Ownership.Static)
            throw problem(409, "static-ownership", "Ranges are assigned by configuration and stay as they are.");
        boolean taken = table.instances().stream()
                .anyMatch(
                        row -> row.state() == State.ALIVE && !row.incarnation().equals(leaver.incarnation()));
        if (!taken) throw problem(409, "nobody-takes-over", "No other live instance can take the ranges.");
        return wished(leaver, true, reason);
    }

    /// @param reason kept with who asked
    @DELETE
    @Path("{name}/drain")
    @Allowed(Role.OPERATOR)
    public Response undrain(@PathParam("name") String name, @QueryParam("reason") @Nullable String reason) {
        return wished(instance(name), false, reason == null || reason.isBlank() ? "serves again" : reason.strip());
    }

    private Response wished(InstanceRow instance, boolean leave, String reason) {
        Decision decision = Who.decides(caller, settings, reason);
        wishes.wish(instance.incarnation(), instance.info().name(), leave, decision);
        return Response.accepted().build();
    }

    private InstanceRow instance(String name) {
        return table.instances().stream()
                .filter(row -> row.info().name().equals(name)
                        || row.incarnation().toString().equals(name))
                .findFirst()
                .orElseThrow(() -> problem(404, "no-such-instance", "There is no live instance " + name + "."));
    }

    private static ProblemException problem(int status, String type, String detail) {
        return new ProblemException(Problem.of(status, type, detail));
    }
}
