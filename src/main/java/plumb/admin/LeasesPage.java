package plumb.admin;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.balance.Outlook;
import plumb.dispatch.Probe;
import plumb.keyspace.Domains;
import plumb.keyspace.Key;
import plumb.ownership.LeaseTableException;
import plumb.postgres.BalanceRounds;
import plumb.postgres.PostgresAudit;
import plumb.postgres.RangeLoads;
import plumb.routing.Route;
import plumb.routing.Routes;

/// Behind `/admin/leases.xhtml`. One request, one read of the rows; it holds nothing.
@Named
@RequestScoped
public class LeasesPage {
    @Inject
    SnapshotReader reader;

    @Inject
    PostgresAudit audit;

    @Inject
    Probe probe;

    @Inject
    RangeLoads loads;

    @Inject
    BalanceRounds rounds;

    @Inject
    Outlook outlook;

    @Inject
    Me me;

    @Inject
    Routes routes;

    @Inject
    Domains domains;

    private Snapshot snapshot = new Snapshot(List.of(), List.of());
    private @Nullable String problem;
    private @Nullable String domain;
    private @Nullable String key;
    private int from;
    private List<HotLine> hot = List.of();
    private String balancing = "not known";
    private String wrong = "";

    @PostConstruct
    void read() {
        try {
            snapshot = reader.read();
            hot = HotLine.of(loads.read(), snapshot, me.isOperator());
            balancing = rounds.paused()
                    .map(pause -> "Paused by " + pause.by() + ": " + pause.reason())
                    .orElse(
                            outlook.balances()
                                    ? "Ranges are balanced by load."
                                    : "Each has as many ranges as the others.");
        } catch (LeaseTableException e) {
            problem = "The database does not answer; what this instance knows by heart is at api/routes. "
                    + e.getMessage();
        }
    }

    public List<InstanceLine> getInstances() {
        return snapshot.instances();
    }

    /// A page of them.
    public Paging<RangeLine> getRanges() {
        return new Paging<>(snapshot.ranges(), from);
    }

    /// Those that are being handed over.
    public List<RangeLine> getMoving() {
        return snapshot.ranges().stream()
                .filter(range -> range.target() != null)
                .toList();
    }

    /// How many there are in all.
    public int getCount() {
        return snapshot.ranges().size();
    }

    /// The first one on this page, counted from 0.
    public int getFrom() {
        return from;
    }

    public void setFrom(int from) {
        this.from = Math.max(0, from);
    }

    /// A picture of each domain's keys.
    public List<Bar> getMaps() {
        return snapshot.maps();
    }

    /// Of those that own something.
    public List<Legend> getLegend() {
        return Legend.of(styles(), snapshot.ranges().stream().map(RangeLine::owner));
    }

    private Styles styles() {
        return Styles.forAll(snapshot.names());
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
        return found + ", at " + Text.time(verdict.checkedAt()) + sight;
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

    /// As a part of a link.
    public String getKeyInLink() {
        return URLEncoder.encode(String.valueOf(key).strip(), StandardCharsets.UTF_8);
    }

    /// Whether there is such a key.
    public boolean isFound() {
        return asked() != null;
    }

    public boolean isAsked() {
        return key != null && !key.isBlank();
    }

    /// Who owns the key that was asked for, in one sentence.
    public String getAnswer() {
        Key wanted = asked();
        if (wanted == null) return wrong;
        Route route = routes.current().route(wanted);
        return wanted + " has slot " + wanted.slot().value() + " in range " + route.range() + " " + route.keys()
                + ", epoch " + route.epoch() + ": " + owner(route);
    }

    /// Null: there is none, see [#wrong].
    private @Nullable Key asked() {
        if (!isAsked()) return null;
        if (domain == null || domain.isBlank()) domain = getDomains().getFirst();
        try {
            return domains.key(domain, String.valueOf(key).strip());
        } catch (IllegalArgumentException e) {
            wrong = String.valueOf(e.getMessage());
            return null;
        }
    }

    /// Keys that cost much, as their owners have published it lately.
    public List<HotLine> getHotKeys() {
        return hot;
    }

    /// Whether ranges are balanced, in one sentence.
    public String getBalancing() {
        return balancing;
    }

    private static String owner(Route route) {
        return switch (route) {
            case Route.Local local -> "owned by " + local.owner().info().name() + ", which is this instance";
            case Route.Remote remote -> "owned by " + remote.owner().info().name();
            case Route.Unowned unowned -> "owned by nobody at the moment";
        };
    }
}
