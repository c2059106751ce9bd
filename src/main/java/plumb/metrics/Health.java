package plumb.metrics;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import plumb.commit.CommitLane;
import plumb.dispatch.DispatchStats;
import plumb.dispatch.Probe;
import plumb.http.HttpSettings;
import plumb.keyspace.Domains;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.Trust;
import plumb.routing.Routes;

/// How this instance is, in the three meanings that orchestrators know. Looks at memory alone: a database that is down
/// must not restart every instance.
@Dependent
public class Health {
    private static final int TTLS_UNTIL_DEAD = 3;
    private static final Set<LeaseKeeper.State> SHOULD_TICK =
            EnumSet.of(LeaseKeeper.State.SERVING, LeaseKeeper.State.LEAVING);

    private final LeaseKeeper keeper;
    private final KeeperSettings settings;
    private final Trust trust;
    private final Routes routes;
    private final Domains domains;
    private final HttpSettings http;
    private final CommitLane lane;
    private final DispatchStats dispatch;
    private final Probe probe;
    private final LongSupplier nanoTime;

    /// One answer, with what it was judged by.
    public record Check(boolean up, Map<String, Object> data) {}

    @Inject
    public Health(
            LeaseKeeper keeper,
            KeeperSettings settings,
            Trust trust,
            Routes routes,
            Domains domains,
            HttpSettings http,
            CommitLane lane,
            DispatchStats dispatch,
            Probe probe,
            LongSupplier nanoTime) {
        this.keeper = keeper;
        this.settings = settings;
        this.trust = trust;
        this.routes = routes;
        this.domains = domains;
        this.http = http;
        this.lane = lane;
        this.dispatch = dispatch;
        this.probe = probe;
        this.nanoTime = nanoTime;
    }

    /// Migrated and registered.
    public Check started() {
        boolean up = keeper.state() != LeaseKeeper.State.STARTING
                || keeper.incarnation().isPresent();
        return new Check(up, data());
    }

    /// Worth sending requests to: renews in time, lets a probe through, is not leaving, and knows where to forward. Not
    /// "owns something": a newcomer that forwards everything is of use.
    public Check ready() {
        boolean knowsRoutes = domains.types().keySet().stream()
                .noneMatch(domain -> routes.current().routes(domain).isEmpty());
        boolean getsThrough = probe.silence().compareTo(settings.ttl()) < 0;
        boolean up = keeper.state() == LeaseKeeper.State.SERVING && trust.holds() && knowsRoutes && getsThrough;
        Map<String, Object> data = data();
        data.put("routes", knowsRoutes ? "known" : "unknown");
        return new Check(up, data);
    }

    /// The keeper still makes its rounds, once it has begun to. If it does not, only a restart helps.
    public Check live() {
        long silent = nanoTime.getAsLong() - keeper.stats().lastTickNanos();
        boolean up = silent < settings.ttl().toNanos() * TTLS_UNTIL_DEAD || !SHOULD_TICK.contains(keeper.state());
        return new Check(up, data());
    }

    private Map<String, Object> data() {
        var data = new LinkedHashMap<String, Object>();
        data.put("instance", http.instanceName());
        data.put("incarnation", keeper.incarnation().map(Object::toString).orElse(""));
        data.put("state", keeper.state().name());
        data.put("ranges", keeper.leases().size());
        data.put("commitBusyMs", lane.busyFor().toMillis());
        data.put("longestWorkMs", dispatch.longestWork(nanoTime.getAsLong()).toMillis());
        data.put("probeSilenceMs", probe.silence().toMillis());
        data.put("probe", probe.problem().orElse("passes"));
        data.put("trustRemainingMs", Math.max(0, trust.left().toMillis()));
        return data;
    }
}
