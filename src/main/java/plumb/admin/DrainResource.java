package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.http.OnLoopback;
import plumb.http.Problem;
import plumb.http.Traffic;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.KeeperSettings;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.Ownership;
import plumb.ownership.Trust;
import plumb.routing.Routes;

/// Takes this instance out of service before it is stopped, and puts it back.
@Dependent
@Path("plumb")
@Produces(MediaType.APPLICATION_JSON)
public class DrainResource {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final long GLANCE_NANOS = Duration.ofMillis(50).toNanos();

    private final LeaseKeeper keeper;
    private final KeeperSettings settings;
    private final Trust trust;
    private final Routes routes;
    private final Traffic traffic;
    private final LongSupplier nanoTime;

    @Inject
    public DrainResource(
            LeaseKeeper keeper,
            KeeperSettings settings,
            Trust trust,
            Routes routes,
            Traffic traffic,
            LongSupplier nanoTime) {
        this.keeper = keeper;
        this.settings = settings;
        this.trust = trust;
        this.routes = routes;
        this.traffic = traffic;
        this.nanoTime = nanoTime;
    }

    /// Not ready any more, every range to live peers, then forwarding only. Where ranges are assigned to instances, it
    /// keeps and serves its own.
    ///
    /// @param wait answer when it owns nothing and nobody has sent a request for a second, or the drain time-out is
    /// over;
    ///     blocks until then
    @POST
    @Path("drain")
    @OnLoopback
    public Response drain(@QueryParam("wait") boolean wait) throws InterruptedException {
        Incarnation me = keeper.incarnation().orElse(null);
        if (!isStatic() && keeper.living().stream().noneMatch(row -> isTaker(row, me)))
            return Problem.of(
                            409,
                            "nobody-takes-over",
                            "No other live instance can take the ranges; this one goes on serving them.")
                    .response();
        long begun = nanoTime.getAsLong();
        CompletableFuture<Void> drained = keeper.drain();
        if (!wait) return Response.accepted(now()).build();
        try {
            drained.get(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
            awaitQuiet(begun + settings.drainTimeout().toNanos());
            return Response.ok(now()).build();
        } catch (TimeoutException e) {
            return Problem.of(503, "drain-incomplete", "Some ranges are still here; the drain goes on.")
                    .with("ranges", keeper.leases().size())
                    .retryAfter(SOON)
                    .response();
        } catch (CancellationException | ExecutionException e) {
            return Problem.of(409, "undrained", "Somebody ended the drain meanwhile.")
                    .response();
        }
    }

    private void awaitQuiet(long untilNanos) {
        long arrived = traffic.arrived();
        long quietSince = nanoTime.getAsLong();
        for (long now = quietSince; now - untilNanos < 0; now = nanoTime.getAsLong()) {
            if (traffic.inside() > 0 || traffic.arrived() != arrived) quietSince = now;
            arrived = traffic.arrived();
            if (now - quietSince >= QUIET.toNanos()) return;
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }

    private boolean isStatic() {
        return settings.ownership() instanceof Ownership.Static;
    }

    private static boolean isTaker(InstanceRow row, @Nullable Incarnation me) {
        return row.state() == State.ALIVE && !row.incarnation().equals(me);
    }

    /// Serves again, and gets its share as a newcomer does.
    @DELETE
    @Path("drain")
    @OnLoopback
    public Response undrain() {
        keeper.undrain();
        return Response.ok(now()).build();
    }

    /// Whether stopping this instance now would be felt, and why.
    @GET
    @Path("stoppable")
    public Response stoppable() {
        var uncached = new CacheControl();
        uncached.setNoStore(true);
        return Response.ok(now()).cacheControl(uncached).build();
    }

    private Stoppable now() {
        return Stoppable.of(
                keeper.incarnation().orElse(null),
                keeper.state() == LeaseKeeper.State.LEAVING,
                trust.holds(),
                isStatic(),
                keeper.leases().size(),
                keeper.stats().movesInFlight(),
                traffic.inside(),
                keeper.living(),
                routes.current());
    }
}
