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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import plumb.access.Allowed;
import plumb.access.Role;
import plumb.http.HttpSettings;
import plumb.http.Problem;
import plumb.http.Traffic;
import plumb.keyspace.Incarnation;
import plumb.ownership.Decision;
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

    @Inject
    LeaseKeeper keeper;

    @Inject
    KeeperSettings settings;

    @Inject
    Trust trust;

    @Inject
    Routes routes;

    @Inject
    Traffic traffic;

    @Inject
    LongSupplier nanoTime;

    @Inject
    DrainOrders orders;

    @Inject
    HttpSettings http;

    @Context
    SecurityContext caller;

    /// Not ready any more, every range to live peers, then forwarding only. Where ranges are assigned to instances, it
    /// keeps and serves its own.
    ///
    /// @param wait answer when it owns nothing and nobody has sent a request for a second, or the drain
    ///     time-out is over; blocks until then
    /// @param reason kept with who asked; null: none is given
    @POST
    @Path("drain")
    @Allowed(value = Role.OPERATOR, orOnLoopback = true)
    public Response drain(@QueryParam("wait") boolean wait, @QueryParam("reason") @Nullable String reason)
            throws InterruptedException {
        Incarnation me = keeper.incarnation().orElse(null);
        if (!isStatic() && keeper.living().stream().noneMatch(row -> isTaker(row, me)))
            return Problem.of(
                            409,
                            "nobody-takes-over",
                            "No other live instance can take the ranges; this one goes on serving them.")
                    .response();
        long begun = nanoTime.getAsLong();
        CompletableFuture<Void> drained = orders.drain(decision(reason));
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

    private Decision decision(@Nullable String reason) {
        return Who.decides(caller, http, reason == null || reason.isBlank() ? "no reason given" : reason.strip());
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
    @Allowed(value = Role.OPERATOR, orOnLoopback = true)
    public Response undrain(@QueryParam("reason") @Nullable String reason) {
        orders.undrain(decision(reason));
        return Response.ok(now()).build();
    }

    /// Whether stopping this instance now would be felt, and why.
    @GET
    @Path("stoppable")
    @Allowed(orOnLoopback = true)
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
