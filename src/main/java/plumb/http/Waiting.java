package plumb.http;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.Cancellable;
import plumb.keyspace.Incarnation;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// The hops that wait for an answer. One to an instance that is found dead is abandoned: a paused machine takes
/// connections and says nothing for as long as the request has time, and its range has had another owner for long.
///
/// Not at once: who left in order is dead as well, and its last answers may be on the way. Safe for use by several
/// threads; nothing here blocks.
final class Waiting {
    private static final long LAST_ANSWERS_MILLIS = 200;

    private final Routes routes;
    private final Set<Hope> hopes = ConcurrentHashMap.newKeySet();
    private final Executor later =
            CompletableFuture.delayedExecutor(LAST_ANSWERS_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    Waiting(Routes routes) {
        this.routes = routes;
        routes.onChange(table -> {
            if (hopes.stream().anyMatch(hope -> !table.isLiving(hope.owner))) later.execute(this::abandonHopeless);
        });
    }

    /// One hop's. Ending twice is harmless.
    final class Hope implements AutoCloseable {
        private final Incarnation owner;
        private final Cancellable hop;
        private volatile boolean abandoned;

        private Hope(Incarnation owner, Cancellable hop) {
            this.owner = owner;
            this.hop = hop;
        }

        /// True: whatever the hop failed with, it failed because of us.
        boolean isAbandoned() {
            return abandoned;
        }

        @Override
        public void close() {
            hopes.remove(this);
        }
    }

    Hope begin(Incarnation owner, Cancellable hop) {
        var hope = new Hope(owner, hop);
        hopes.add(hope);
        if (!routes.current().isLiving(owner)) later.execute(this::abandonHopeless); // died since the look
        return hope;
    }

    private void abandonHopeless() {
        RoutingTable table = routes.current();
        for (Hope hope : hopes) {
            if (table.isLiving(hope.owner)) continue;
            hope.abandoned = true;
            hope.hop.cancel();
        }
    }
}
