package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.access.Role;
import plumb.balance.BalanceStats;
import plumb.balance.Outlook;
import plumb.balance.Seen;
import plumb.balance.Snapshot;
import plumb.balance.Snapshot.Member;
import plumb.balance.WhatIf;
import plumb.http.HttpSettings;
import plumb.http.Problem;
import plumb.http.ProblemException;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.ownership.Decision;
import plumb.postgres.BalanceRounds;

/// Balancing: what it sees, what it would do now, and what it would do if; paused and resumed by hand, for all
/// instances.
@Dependent
@Path("plumb/balance")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Allowed
public class BalanceResource {
    private static final int MOST_JOINERS = 100;

    @Inject
    Outlook outlook;

    @Context
    SecurityContext caller;

    @Inject
    BalanceRounds rounds;

    @Inject
    Domains domains;

    @Inject
    HttpSettings settings;

    /// What this instance's rounds came to.
    ///
    /// @param note why the last one did no more; empty: it did all
    public record Rounds(long rounds, long steps, long refused, String note) {
        static Rounds of(BalanceStats stats) {
            return new Rounds(stats.rounds(), stats.steps(), stats.refused(), stats.note());
        }
    }

    /// Balancing as it is.
    ///
    /// @param held why nothing may be changed now; null: it may
    /// @param next what a round would plan now
    /// @param here what the rounds of this instance came to
    public record BalanceView(@Nullable String held, PlanView next, Rounds here) {}

    @GET
    public BalanceView now() {
        Seen round = outlook.look();
        return new BalanceView(round.held(), view(round.snapshot()), Rounds.of(outlook.stats()));
    }

    /// What if. Changes nothing; the parameters may be combined.
    ///
    /// @param leave an instance leaves
    /// @param join so many more are there
    /// @param twice `domain/key`: this key costs as much again as its whole range does
    @GET
    @Path("plan")
    public PlanView plan(
            @QueryParam("leave") @Nullable String leave,
            @QueryParam("join") @Nullable String join,
            @QueryParam("double") @Nullable String twice) {
        Snapshot snapshot = outlook.look().snapshot();
        if (twice != null) snapshot = doubled(snapshot, twice);
        if (join != null) snapshot = WhatIf.joined(snapshot, joiners(join));
        if (leave != null)
            snapshot = WhatIf.without(snapshot, member(snapshot, leave).id());
        return view(snapshot);
    }

    private Snapshot doubled(Snapshot snapshot, String text) {
        int slash = text.indexOf('/');
        if (slash < 0) throw problem(422, "invalid", "double: domain/key is required.");
        try {
            Key key = domains.key(text.substring(0, slash), text.substring(slash + 1));
            return WhatIf.doubled(snapshot, key.domain(), key.slot());
        } catch (IllegalArgumentException e) {
            throw problem(422, "invalid", "double: " + e.getMessage() + ".");
        }
    }

    private static int joiners(String text) {
        try {
            int joiners = Integer.parseInt(text);
            if (joiners >= 1 && joiners <= MOST_JOINERS) return joiners;
        } catch (NumberFormatException e) {
            throw badJoiners();
        }
        throw badJoiners();
    }

    private static ProblemException badJoiners() {
        return problem(422, "invalid", "join: a number from 1 to " + MOST_JOINERS + " is required.");
    }

    private static Member member(Snapshot snapshot, String name) {
        return snapshot.members().stream()
                .filter(member ->
                        member.name().equals(name) || member.id().toString().equals(name))
                .findFirst()
                .orElseThrow(() -> problem(
                        422,
                        "no-such-instance",
                        "leave: " + name + " is not among those that take ranges: "
                                + snapshot.members().stream().map(Member::name).collect(Collectors.joining(", "))
                                + "."));
    }

    /// No round changes anything from now on.
    ///
    /// @param body `{"reason": "…"}`
    @PUT
    @Path("pause")
    @Allowed(Role.OPERATOR)
    public Response pause(@Nullable JsonObject body) {
        rounds.pause(decision(Bodies.text(body, "reason")));
        return Response.noContent().build();
    }

    /// Rounds change what they plan again.
    ///
    /// @param reason kept with the decision
    @DELETE
    @Path("pause")
    @Allowed(Role.OPERATOR)
    public Response resume(@QueryParam("reason") @Nullable String reason) {
        if (!rounds.resume(decision(reason == null || reason.isBlank() ? "resumed" : reason.strip())))
            throw problem(404, "not-paused", "Balancing is not paused.");
        return Response.noContent().build();
    }

    private Decision decision(String reason) {
        return Who.decides(caller, settings, reason);
    }

    private PlanView view(Snapshot snapshot) {
        return PlanView.of(snapshot, outlook.plan(snapshot));
    }

    private static ProblemException problem(int status, String type, String detail) {
        return new ProblemException(Problem.of(status, type, detail));
    }
}
