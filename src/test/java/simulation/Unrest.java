package simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plumb.keyspace.Incarnation;
import plumb.ownership.RangeRow;
import plumb.routing.Route;

/// What still has to happen before a world without troubles is at rest.
final class Unrest {
    private final World world;
    private final List<String> found = new ArrayList<>();

    private Unrest(World world) {
        this.world = world;
    }

    /// Empty: it is at rest.
    static List<String> of(World world) {
        var unrest = new Unrest(world);
        unrest.lookAtClients();
        unrest.lookAtInstances();
        for (RangeRow row : world.database.leases.rows()) unrest.lookAt(row);
        return unrest.found;
    }

    private void lookAtClients() {
        long waiting =
                world.clients().stream().filter(client -> !client.isDone()).count();
        if (waiting > 0) found.add(waiting + " clients are without an answer");
    }

    private void lookAtInstances() {
        for (Instance instance : world.up()) {
            if (!instance.isStaying()) found.add(instance + " has not left yet");
            long inside = instance.parts.dispatcher.stats().inside();
            instance.parts.probe.problem().ifPresent(problem -> found.add("the probe of " + instance + ": " + problem));
            if (inside > 0) found.add(inside + " requests are inside " + instance);
        }
    }

    private void lookAt(RangeRow row) {
        if (row.isWished()) found.add("something is wished: " + row);
        if (world.up().stream().noneMatch(instance -> serves(instance, row))) found.add("nobody serves " + row);
        for (Instance instance : world.up()) if (!knows(instance, row)) found.add(instance + " does not know " + row);
    }

    private static boolean serves(Instance instance, RangeRow row) {
        return instance.serving().stream()
                .anyMatch(lease -> lease.range().equals(row.range())
                        && lease.epoch().equals(row.epoch())
                        && lease.owner().equals(row.owner()));
    }

    /// Whether its routing table says what stands in the row.
    private static boolean knows(Instance instance, RangeRow row) {
        return instance.parts.routes.current().routes(row.domain()).stream()
                .anyMatch(route -> route.range().equals(row.range())
                        && route.keys().equals(row.keys())
                        && route.epoch().equals(row.epoch())
                        && owner(route).equals(Optional.ofNullable(row.owner())));
    }

    private static Optional<Incarnation> owner(Route route) {
        return switch (route) {
            case Route.Local local -> Optional.of(local.owner().incarnation());
            case Route.Remote remote -> Optional.of(remote.owner().incarnation());
            case Route.Unowned unowned -> Optional.empty();
        };
    }
}
