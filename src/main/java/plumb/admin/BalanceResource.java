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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.balance.BalanceStats;
import plumb.balance.Outlook;
import plumb.balance.Plan;
import plumb.balance.Round;
import plumb.balance.Snapshot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Step;
import plumb.balance.WhatIf;
import plumb.http.HttpSettings;
import plumb.http.OnLoopback;
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
public class BalanceResource {
    private static final int MOST_JOINERS = 100;

    private final Outlook outlook;
    private final BalanceRounds rounds;
    private final Domains domains;
    private final HttpSettings settings;

    @Inject
    public BalanceResource(Outlook outlook, BalanceRounds rounds, Domains domains, HttpSettings settings) {
        this.outlook = outlook;
        this.rounds = rounds;
        this.domains = domains;
        this.settings = settings;
    }

    /// An instance.
    ///
    /// @param load seconds of work per second
    public record Share(String instance, int ranges, double load) {}

    /// One thing to be done.
    ///
    /// @param to the instance that the range goes to; null: it stays
    /// @param at the first slot of the second part; null: it is no split
    public record StepView(
            String kind,
            int range,
            long epoch,
            @Nullable String to,
            @Nullable Long at,
            String reason) {}

    /// What would be done for a cluster like that.
    ///
    /// @param before the highest load of an instance over the mean, as it is then
    /// @param after the same when all steps are done
    public record PlanView(List<Share> instances, List<StepView> steps, double before, double after) {}

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
        Round round = outlook.look();
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
    @OnLoopback
    public Response pause(@Nullable JsonObject body) {
        rounds.pause(decision(Bodies.text(body, "reason")));
        return Response.noContent().build();
    }

    /// Rounds change what they plan again.
    ///
    /// @param reason kept with the decision
    @DELETE
    @Path("pause")
    @OnLoopback
    public Response resume(@QueryParam("reason") @Nullable String reason) {
        if (!rounds.resume(decision(reason == null || reason.isBlank() ? "resumed" : reason.strip())))
            throw problem(404, "not-paused", "Balancing is not paused.");
        return Response.noContent().build();
    }

    private Decision decision(String reason) {
        return new Decision("by hand on " + settings.instanceName(), reason);
    }

    private PlanView view(Snapshot snapshot) {
        Plan plan = outlook.plan(snapshot);
        Map<String, String> names = snapshot.members().stream()
                .collect(Collectors.toMap(member -> member.id().toString(), Member::name));
        return new PlanView(
                snapshot.members().stream()
                        .map(member -> share(member, snapshot))
                        .toList(),
                plan.steps().stream().map(step -> view(step, names)).toList(),
                plan.before(),
                plan.after());
    }

    private static Share share(Member member, Snapshot snapshot) {
        var own = snapshot.parts().stream()
                .filter(part -> member.id().equals(part.owner()))
                .toList();
        return new Share(
                member.name(),
                own.size(),
                own.stream().mapToDouble(Snapshot.Part::load).sum());
    }

    private static StepView view(Step step, Map<String, String> names) {
        int range = step.range().value();
        long epoch = step.epoch().value();
        return switch (step) {
            case Step.Move move ->
                new StepView("move", range, epoch, names.get(move.to().toString()), null, step.reason());
            case Step.Split split -> new StepView("split", range, epoch, null, split.at(), step.reason());
            case Step.Merge merge -> new StepView("merge", range, epoch, null, null, step.reason());
        };
    }

    private static ProblemException problem(int status, String type, String detail) {
        return new ProblemException(Problem.of(status, type, detail));
    }
}
