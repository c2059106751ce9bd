package plumb.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Requests that wait for another routing table than the one that their clients have. Bounded in number; none holds a
/// thread. Thread-safe; nothing here blocks.
public final class Watchers implements AutoCloseable {
    /// @param version that the client has
    private record Watcher(long version, CompletableFuture<RoutingTable> next) {}

    private final Routes routes;
    private final int places;
    private final Semaphore free;
    private final Executor replies;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final LongAdder refused = new LongAdder();
    private volatile boolean closed;

    /// @param places how many may wait at once
    /// @param replies where answers leave; must not run them on the calling thread
    public Watchers(Routes routes, int places, Executor replies) {
        this.routes = routes;
        this.places = places;
        this.free = new Semaphore(places);
        this.replies = replies;
        routes.onChange(this::tell);
    }

    /// @return completes on a thread of `replies` with a table of another version, or, when the time is over, with one
    ///     of the same; empty: no place is free
    Optional<CompletionStage<RoutingTable>> next(RoutingTable seen, Duration atMost) {
        if (!free.tryAcquire()) {
            refused.increment();
            return Optional.empty();
        }
        var watcher = new Watcher(seen.version(), new CompletableFuture<>());
        watchers.add(watcher);
        CompletionStage<RoutingTable> answer = watcher.next()
                .whenComplete((table, failure) -> {
                    watchers.remove(watcher);
                    free.release();
                })
                .thenApplyAsync(table -> table, replies);
        watcher.next().completeOnTimeout(seen, atMost.toNanos(), TimeUnit.NANOSECONDS);
        RoutingTable current = routes.current();
        if (closed || isOther(current, watcher)) watcher.next().complete(current); // changed since the look
        return Optional.of(answer);
    }

    private void tell(RoutingTable table) {
        for (Watcher watcher : watchers)
            if (isOther(table, watcher)) watcher.next().complete(table);
    }

    private static boolean isOther(RoutingTable table, Watcher watcher) {
        return table.version() != watcher.version();
    }

    /// How many wait now.
    public int waiting() {
        return places - free.availablePermits();
    }

    /// How many could not wait, because all places were taken.
    public long refused() {
        return refused.sum();
    }

    /// Nobody waits any more.
    @Override
    public void close() {
        closed = true;
        for (Watcher watcher : watchers) watcher.next().complete(routes.current());
    }
}
