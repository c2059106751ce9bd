package plumb.admin;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Probe;
import plumb.dispatch.Progress;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
import plumb.ownership.LeaseTableException;
import plumb.postgres.PostgresAudit;
import plumb.postgres.TimeLeft;
import plumb.routing.Route;
import plumb.routing.Routes;

/// Behind `/admin/leases.xhtml`. One request, one read of the rows; it holds nothing.
@Named
@RequestScoped
public class LeasesPage {
    @Inject
    LeaseKeeper keeper;

    @Inject
    LeaseTable leases;

    @Inject
    TimeLeft timeLeft;

    @Inject
    PostgresAudit audit;

    @Inject
    Dispatcher dispatcher;

    @Inject
    Probe probe;

    @Inject
    Routes routes;

    @Inject
    Domains domains;

    private Snapshot snapshot = new Snapshot(List.of(), List.of());
    private @Nullable String problem;
    private @Nullable String domain;
    private @Nullable String key;

    @PostConstruct
    void read() {
        try {
            snapshot = Snapshot.of(
                    leases.instances(),
                    leases.rangesSince(0).ranges(),
                    timeLeft.ofInstances(),
                    dispatcher.progress().stream().collect(Collectors.toMap(Progress::range, Function.identity())),
                    keeper.incarnation().orElse(null));
        } catch (LeaseTableException e) {
            problem = "The database does not answer; what this instance knows by heart is at api/routes. "
                    + e.getMessage();
        }
    }

    public List<InstanceLine> getInstances() {
        return snapshot.instances();
    }

    public List<RangeLine> getRanges() {
        return snapshot.ranges();
    }

    public long getUnowned() {
        return snapshot.ranges().stream().filter(range -> range.owner() == null).count();
    }

    public boolean isGettingThrough() {
        return probe.problem().isEmpty();
    }

    /// What became of the last probe of this instance, in one sentence.
    public String getProbeVerdict() {
        String last = ", the last that passed " + Text.seconds(probe.silence()) + " ago";
        return probe.problem()
                .map(problem -> "a probe does not get through this instance: " + problem + last)
                .orElseGet(() -> "a probe takes " + probe.took().toMillis() + " ms" + last);
    }

    public boolean isAuditClean() {
        return audit.latest().count() == 0;
    }

    /// What the last audit found, in one sentence.
    public String getAuditVerdict() {
        PostgresAudit.Verdict verdict = audit.latest();
        if (verdict.checkedAt() == null) return "not run yet";
        String found = verdict.count() == 0 ? "nothing out of order" : verdict.count() + " violations";
        String sight =
                verdict.exact() ? "" : "; writes outside their tenure cannot be seen without track_commit_timestamp";
        return found + ", at " + verdict.checkedAt().truncatedTo(ChronoUnit.SECONDS) + sight;
    }

    public List<PostgresAudit.Violation> getViolations() {
        return audit.latest().violations();
    }

    /// Null: all is well.
    public @Nullable String getProblem() {
        return problem;
    }

    public List<String> getDomains() {
        return domains.types().keySet().stream().sorted().toList();
    }

    public @Nullable String getDomain() {
        return domain;
    }

    public void setDomain(@Nullable String domain) {
        this.domain = domain;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    public boolean isAsked() {
        return key != null && !key.isBlank();
    }

    /// Who owns the key that was asked for, in one sentence.
    public String getAnswer() {
        try {
            String asked = domain == null || domain.isBlank() ? getDomains().getFirst() : domain;
            Key wanted = domains.key(asked, String.valueOf(key).strip());
            Route route = routes.current().route(wanted);
            return wanted + " has slot " + wanted.slot().value() + " in range " + route.range() + " " + route.keys()
                    + ", epoch " + route.epoch() + ": " + owner(route);
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String owner(Route route) {
        return switch (route) {
            case Route.Local local -> "owned by " + local.owner().info().name() + ", which is this instance";
            case Route.Remote remote -> "owned by " + remote.owner().info().name();
            case Route.Unowned unowned -> "owned by nobody at the moment";
        };
    }
}
