package simulation;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import plumb.http.Gates;
import plumb.keyspace.Epoch;
import plumb.routing.Route;
import plumb.routing.RoutingTable;

/// One request on an instance, on a thread of its own: what `http` does with it, in small. Goes where the instance's
/// own table says, over one hop at most; after a 421 the table is read again.
final class Front {
    private static final long BETWEEN_LOOKS = Duration.ofMillis(150).toNanos();
    private static final Duration BUDGET = Duration.ofSeconds(2);

    private final World world;
    private final Instance instance;
    private final Request request;
    private final @Nullable Epoch hop;
    private final long begunNanos;
    private boolean repeated;
    private boolean doubt;

    /// @param hop the epoch that the forwarder knows; null: from outside
    Front(World world, Instance instance, Request request, @Nullable Epoch hop) {
        this.world = world;
        this.instance = instance;
        this.request = request;
        this.hop = hop;
        this.begunNanos = instance.nanoTime();
    }

    Answer serve() {
        try {
            if (hop != null && knowsMore(hop)) instance.parts.routing.refreshNow();
            while (true) {
                RoutingTable table = instance.parts.routes.current();
                Route route = find(table);
                Answer answer = hop == null ? fromOutside(route) : byHop(route, hop);
                if (answer != null) return doubt && !(answer instanceof Answer.Done) ? unknown() : answer;
                if (isTooLate()) return doubt ? unknown() : new Answer.Refused("nobody took it in time");
                if (instance.parts.routes.current() == table) world.scheduler.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean knowsMore(Epoch epoch) {
        Route route = find(instance.parts.routes.current());
        return route == null || epoch.isAfter(route.epoch());
    }

    private boolean isTooLate() {
        return instance.nanoTime() - begunNanos > BUDGET.toNanos();
    }

    /// Null: look again.
    private @Nullable Answer fromOutside(@Nullable Route route) throws InterruptedException {
        return switch (route) {
            case Route.Local local -> enter(local);
            case Route.Remote remote -> forward(remote);
            case Route.Unowned unowned -> null;
            case null -> null;
        };
    }

    private @Nullable Answer byHop(@Nullable Route route, Epoch epoch) {
        if (route instanceof Route.Local local && !epoch.isAfter(local.epoch())) return enter(local);
        return new Answer.Misdirected();
    }

    private @Nullable Answer enter(Route.Local local) {
        if (!(instance.parts.gates.enter(
                        local.range(), local.epoch(), request.key().slot())
                instanceof Gates.Pass pass)) return null;
        try {
            return local.equals(find(instance.parts.routes.current())) ? here() : null;
        } finally {
            pass.leave();
        }
    }

    private @Nullable Answer here() {
        try {
            return instance.call(request).join();
        } catch (CompletionException e) {
            Answer answer = Answer.of(e.getCause());
            return answer instanceof Answer.Misdirected && hop == null ? null : answer;
        }
    }

    private @Nullable Answer forward(Route.Remote remote) throws InterruptedException {
        Answer answer =
                world.network.hop(instance, world.named(remote.owner().info().name()), request, remote.epoch());
        return switch (answer) {
            case Answer.Misdirected misdirected -> {
                instance.parts.routing.refreshNow();
                yield null;
            }
            case Answer.Refused refused -> {
                yield null;
            }
            case Answer.Unknown unknown -> repeat();
            default -> answer;
        };
    }

    /// What may have been applied is repeated once, if it may be.
    private @Nullable Answer repeat() throws InterruptedException {
        doubt |= request.kind() != Request.Kind.READ;
        if (repeated || request.kind() == Request.Kind.NOTE) return unknown();
        repeated = true;
        instance.parts.routing.refreshNow();
        return null;
    }

    private static Answer unknown() {
        return new Answer.Unknown("no answer from the owner");
    }

    private @Nullable Route find(RoutingTable table) {
        try {
            return table.route(request.key());
        } catch (IllegalArgumentException e) {
            return null; // no table yet
        }
    }
}
