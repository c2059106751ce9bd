package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.access.Role;
import plumb.http.HttpSettings;
import plumb.http.Problem;
import plumb.http.ProblemException;
import plumb.keyspace.Domains;
import plumb.keyspace.KeyRange;
import plumb.ownership.Decision;
import plumb.ownership.InstanceRow;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseTable;
import plumb.ownership.Ownership;
import plumb.ownership.RangeRow;
import plumb.ownership.Wish;

/// Ranges by hand: moved, split, merged and pinned. Each change names the epoch that it is meant for (`If-Match`) and a
/// reason, which is kept; it is written down here and carried out by the owner, within its next round.
@Dependent
@Path("plumb/ranges")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class RangesResource {
    private static final String WAIT = ". Requests for its keys wait meanwhile, usually for less than a second.";

    @Inject
    LeaseTable table;

    @Inject
    Domains domains;

    @Inject
    HttpSettings settings;

    @Inject
    KeeperSettings keeper;

    @Context
    SecurityContext caller;

    /// A range as its row is now.
    ///
    /// @param owner name of the instance; null: nobody
    /// @param wish what its owner is asked to do; null: nothing
    public record RangeView(
            int range,
            String domain,
            long lo,
            long hi,
            @Nullable String owner,
            long epoch,
            boolean pinned,
            @Nullable String wish) {}

    /// What a change did, or would do.
    ///
    /// @param done false: it was only tried out
    /// @param text the same for people
    public record Change(String kind, RangeView range, boolean done, String text) {}

    @GET
    public List<RangeView> all() {
        List<InstanceRow> living = table.instances();
        return rows().stream().map(row -> view(row, living)).toList();
    }

    @GET
    @Path("{range}")
    public Response one(@PathParam("range") int range) {
        RangeRow row = row(range);
        var uncached = new CacheControl();
        uncached.setNoStore(true);
        return Response.ok(view(row, table.instances()))
                .tag(row.epoch().toString())
                .cacheControl(uncached)
                .build();
    }

    /// @param body `{"to": "instance-2", "reason": "…"}`
    @POST
    @Path("{range}/move")
    @Allowed(Role.OPERATOR)
    public Response move(
            @PathParam("range") int range,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String match,
            @QueryParam("dry-run") boolean dry,
            @Nullable JsonObject body) {
        RangeRow row = matching(range, match);
        String reason = Bodies.text(body, "reason");
        String name = Bodies.text(body, "to");
        InstanceRow target = table.instances().stream()
                .filter(each -> each.info().name().equals(name)
                        || each.incarnation().toString().equals(name))
                .findFirst()
                .orElseThrow(() -> problem(422, "no-such-instance", "to: there is no live instance " + name + "."));
        if (target.state() != State.ALIVE) throw problem(409, "instance-leaves", name + " is leaving.");
        if (target.incarnation().equals(row.owner())) throw problem(409, "owned-already", name + " owns it already.");
        String text = called(row) + " goes to " + target.info().name() + WAIT;
        return wish("move", text, row, new Wish.Move(target.incarnation()), reason, dry);
    }

    /// @param body `{"at": 2147483648, "reason": "…"}`, the first slot of the second part; or `{"key": "…"}`: at
    ///     that key's slot; without either: in the middle
    @POST
    @Path("{range}/split")
    @Allowed(Role.OPERATOR)
    public Response split(
            @PathParam("range") int range,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String match,
            @QueryParam("dry-run") boolean dry,
            @Nullable JsonObject body) {
        RangeRow row = matching(range, match);
        String reason = Bodies.text(body, "reason");
        long at = cut(row, Objects.requireNonNull(body));
        KeyRange keys = row.keys();
        if (at <= keys.lo() || at >= keys.hi())
            throw problem(
                    422,
                    "outside",
                    "at: a cut at " + at + " leaves one part of " + keys + " empty; it must be above " + keys.lo()
                            + " and below " + keys.hi() + ".");
        String text = called(row) + " is cut at slot " + at + "; both parts stay with its owner" + WAIT;
        return wish("split", text, row, new Wish.Split(at), reason, dry);
    }

    private long cut(RangeRow row, JsonObject body) {
        JsonValue at = body.get("at");
        if (at != null) return Bodies.number(body, "at");
        if (!body.containsKey("key"))
            return row.keys().lo() + (row.keys().hi() - row.keys().lo()) / 2;
        try {
            return domains.key(row.domain(), Bodies.text(body, "key")).slot().value();
        } catch (IllegalArgumentException e) {
            throw problem(422, "bad-key", "key: " + e.getMessage());
        }
    }

    /// With the range that follows.
    ///
    /// @param body `{"reason": "…"}`
    @POST
    @Path("{range}/merge")
    @Allowed(Role.OPERATOR)
    public Response merge(
            @PathParam("range") int range,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String match,
            @QueryParam("dry-run") boolean dry,
            @Nullable JsonObject body) {
        RangeRow row = matching(range, match);
        String reason = Bodies.text(body, "reason");
        RangeRow next = rows().stream()
                .filter(each -> each.domain().equals(row.domain())
                        && each.keys().lo() == row.keys().hi())
                .findFirst()
                .orElseThrow(() -> problem(409, "last-range", "No range follows it."));
        if (!Objects.equals(next.owner(), row.owner()))
            throw problem(
                    409,
                    "other-owner",
                    "Range " + next.range() + ", which follows, has another owner; move one of them first.");
        String text = called(row) + " becomes one with range " + next.range() + WAIT;
        return wish("merge", text, row, new Wish.Merge(), reason, dry);
    }

    private Response wish(String kind, String text, RangeRow row, Wish wish, String reason, boolean dry) {
        if (keeper.ownership() instanceof Ownership.Static)
            throw problem(409, "static-ownership", "Ranges are assigned by configuration and stay as they are.");
        if (row.owner() == null) throw problem(409, "no-owner", "Nobody owns it at the moment.");
        if (row.isWished()) throw problem(409, "busy", "Something else is wished of it: " + wishOf(row) + ".");
        if (!dry && !table.wish(row.range(), row.epoch(), wish, decision(reason))) throw stale(row);
        return changed(kind, text, row, dry);
    }

    /// Takes back what is wished of it.
    @DELETE
    @Path("{range}/wish")
    @Allowed(Role.OPERATOR)
    public Response cancel(
            @PathParam("range") int range,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String match,
            @QueryParam("dry-run") boolean dry) {
        RangeRow row = matching(range, match);
        if (!dry) table.cancelWish(row.range(), row.epoch());
        return changed("cancel", called(row) + " stays as it is.", row, dry);
    }

    /// It stays with its owner as long as that one stays.
    ///
    /// @param body `{"reason": "…"}`
    @PUT
    @Path("{range}/pin")
    @Allowed(Role.OPERATOR)
    public Response pin(
            @PathParam("range") int range,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String match,
            @QueryParam("dry-run") boolean dry,
            @Nullable JsonObject body) {
        return pinned(matching(range, match), true, Bodies.text(body, "reason"), dry);
    }

    /// It may be moved again.
    @DELETE
    @Path("{range}/pin")
    @Allowed(Role.OPERATOR)
    public Response unpin(
            @PathParam("range") int range,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String match,
            @QueryParam("dry-run") boolean dry,
            @QueryParam("reason") @Nullable String reason) {
        return pinned(matching(range, match), false, reason == null ? "unpinned" : reason, dry);
    }

    private Response pinned(RangeRow row, boolean pinned, String reason, boolean dry) {
        if (!dry && !table.pin(row.range(), row.epoch(), pinned, decision(reason))) throw stale(row);
        String text =
                called(row) + (pinned ? " stays with its owner as long as that one stays." : " may be moved again.");
        return changed(pinned ? "pin" : "unpin", text, row, dry);
    }

    private Response changed(String kind, String text, RangeRow row, boolean dry) {
        RangeRow after = dry ? row : row(row.range().value());
        RangeView view = view(after, table.instances());
        return Response.status(dry ? Response.Status.OK : Response.Status.ACCEPTED)
                .entity(new Change(kind, view, !dry, text))
                .build();
    }

    private static String called(RangeRow row) {
        return "Range " + row.range() + " (" + row.domain() + ", "
                + Text.percent(row.keys().share()) + " of its keys)";
    }

    private Decision decision(String reason) {
        return Who.decides(caller, settings, reason);
    }

    /// The row, if it is at the epoch that the caller has seen.
    private RangeRow matching(int range, @Nullable String match) {
        RangeRow row = row(range);
        if (match == null)
            throw problem(428, "epoch-required", "If-Match: say for which epoch of the range it is meant.");
        if (!match.strip().equals("*") && !match.strip().equals("\"" + row.epoch() + "\"")) throw stale(row);
        return row;
    }

    private static ProblemException stale(RangeRow row) {
        return problem(412, "stale", "If-Match: the range has moved on; it was at epoch " + row.epoch() + ".");
    }

    private RangeRow row(int range) {
        return rows().stream()
                .filter(each -> each.range().value() == range)
                .findFirst()
                .orElseThrow(() -> problem(404, "no-such-range", "There is no range " + range + "."));
    }

    private List<RangeRow> rows() {
        return table.rangesSince(0).ranges();
    }

    private static ProblemException problem(int status, String type, String detail) {
        return new ProblemException(Problem.of(status, type, detail));
    }

    private static RangeView view(RangeRow row, List<InstanceRow> living) {
        String owner = living.stream()
                .filter(each -> each.incarnation().equals(row.owner()))
                .map(each -> each.info().name())
                .findFirst()
                .orElse(null);
        return new RangeView(
                row.range().value(),
                row.domain(),
                row.keys().lo(),
                row.keys().hi(),
                owner,
                row.epoch().value(),
                row.pinned(),
                wishOf(row));
    }

    private static @Nullable String wishOf(RangeRow row) {
        if (row.target() != null) return "move to " + row.target();
        if (row.splitAt() != null) return "split at " + row.splitAt();
        return row.merge() ? "merge with the next" : null;
    }
}
