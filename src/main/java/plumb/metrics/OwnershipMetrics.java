package plumb.metrics;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.metrics.Tag;
import org.jspecify.annotations.Nullable;
import plumb.access.Doorkeeper;
import plumb.balance.Outlook;
import plumb.balance.Plan;
import plumb.keyspace.Domains;
import plumb.ownership.Confirmation;
import plumb.ownership.Lease;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.Trust;
import plumb.postgres.PostgresAudit;
import plumb.routing.Route;
import plumb.routing.Routes;
import plumb.routing.RoutingTableRefresher;

/// Leases and routes.
@Dependent
public class OwnershipMetrics {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final List<String> LOST =
            List.of("handed-over", "taken", "reclaimed", "superseded", "fenced", "released");

    @Inject
    LeaseKeeper keeper;

    @Inject
    Trust trust;

    @Inject
    Routes routes;

    @Inject
    RoutingTableRefresher routing;

    @Inject
    Domains domains;

    @Inject
    PostgresAudit audit;

    @Inject
    Confirmation confirmation;

    @Inject
    Outlook outlook;

    @Inject
    Doorkeeper doorkeeper;

    void register(Gauges gauges) {
        gauges.add(
                "audit_violations",
                "What the audit found and nobody has explained; -1: it has not run yet",
                audit,
                of -> of.latest().checkedAt() == null ? -1 : of.latest().count());
        gauges.add("admin_login_failures_total", "Wrong passwords", doorkeeper, Doorkeeper::failures);
        gauges.add(
                "admin_guessers",
                "Names and addresses with wrong passwords lately; at most 10,000 are remembered",
                doorkeeper,
                Doorkeeper::guessers);
        gauges.add(
                "takeovers_confirmed_total",
                "Deaths of peers that this instance proved before their time to live was over",
                confirmation,
                Confirmation::confirmed);
        for (String domain : domains.types().keySet()) ofDomain(gauges, domain, new Tag("domain", domain));
        gauges.add(
                "lease_trust_remaining_seconds",
                "Time to the local deadline",
                trust,
                of -> Math.max(0, of.left().toNanos() / NANOS_PER_SECOND));
        gauges.add(
                "lease_renew_seconds",
                "Duration of the last renewal",
                keeper,
                of -> of.stats().lastRenewal().toNanos() / NANOS_PER_SECOND);
        gauges.add(
                "lease_renewals_total",
                "Renewals that succeeded",
                keeper,
                of -> of.stats().renewalsSucceeded());
        gauges.add(
                "lease_renew_failures_total",
                "Renewals that failed",
                keeper,
                of -> of.stats().renewalsFailed());
        gauges.add(
                "lease_self_fences_total",
                "Lives of this instance that ended by its own deadline",
                keeper,
                of -> of.stats().selfFences());
        gauges.add(
                "handover_inflight",
                "Ranges offered and draining",
                keeper,
                of -> of.stats().movesInFlight());
        for (String cause : LOST)
            gauges.add(
                    "lease_lost_total",
                    "Leases lost",
                    keeper,
                    of -> of.stats().lostByCause().getOrDefault(cause, 0L),
                    new Tag("cause", cause));
        gauges.add(
                "balance_rounds_total",
                "Rounds of balancing that this instance ran",
                outlook,
                of -> of.stats().rounds());
        gauges.add(
                "balance_steps_total",
                "Moves, splits and merges that they wished for",
                outlook,
                of -> of.stats().steps());
        gauges.add(
                "balance_refused_total",
                "Steps that the database refused, because the range had changed meanwhile",
                outlook,
                of -> of.stats().refused());
        gauges.add(
                "balance_imbalance_ratio",
                "The highest load of an instance over the mean, as the last round here saw it; 0: it ran none",
                outlook,
                of -> imbalance(of.stats().last()));
        gauges.add(
                "routing_table_age_seconds",
                "Since the table was known to be current",
                routing,
                of -> of.age().toNanos() / NANOS_PER_SECOND);
        gauges.add(
                "routing_read_failures_total",
                "Reads of the routing rows that failed",
                routing,
                RoutingTableRefresher::failures);
    }

    private static double imbalance(@Nullable Plan last) {
        return last == null ? 0 : last.before();
    }

    private void ofDomain(Gauges gauges, String domain, Tag tag) {
        gauges.add(
                "lease_owned",
                "Ranges held",
                keeper,
                of -> of.leases().stream()
                        .filter(lease -> lease.domain().equals(domain))
                        .count(),
                tag);
        gauges.add(
                "keyspace_owned_ratio",
                "Share of the key space held",
                keeper,
                of -> of.leases().stream()
                        .filter(lease -> lease.domain().equals(domain))
                        .map(Lease::keys)
                        .mapToDouble(keys -> keys.share())
                        .sum(),
                tag);
        gauges.add(
                "ranges_unowned",
                "Ranges without an owner, as this instance's table has it",
                routes,
                of -> of.current().routes(domain).stream()
                        .filter(Route.Unowned.class::isInstance)
                        .count(),
                tag);
    }
}
