package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import plumb.Deadline;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Key;
import plumb.keyspace.RangeId;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable;
import plumb.ownership.LeaseTableException;

/// What comes with ranges that are handed over to this instance: reads it, and loads the customers that were live at
/// the predecessor, one after the other and with rests, so that requests wait neither behind them nor for the
/// processor: loading a thousand takes seconds of it, and those who ask meanwhile are loaded at once.
final class Arrivals {
    private static final Logger LOG = System.getLogger(Arrivals.class.getName());
    private static final long BETWEEN_TRIES_NANOS = Duration.ofMillis(200).toNanos();
    private static final Duration LOAD = Duration.ofSeconds(10);

    private final LeaseTable table;
    private final Dispatcher dispatcher;
    private final Executor aside;
    private final LongSupplier nanoTime;
    private final LongConsumer rest;
    private final ConcurrentMap<Lease, CompletableFuture<HandedAlong>> expected = new ConcurrentHashMap<>();

    /// @param aside gives each task a thread of its own, which may block
    /// @param rest blocks for so many nanoseconds, at most
    Arrivals(LeaseTable table, Dispatcher dispatcher, Executor aside, LongSupplier nanoTime, LongConsumer rest) {
        this.table = table;
        this.dispatcher = dispatcher;
        this.aside = aside;
        this.nanoTime = nanoTime;
        this.rest = rest;
    }

    /// Does not block.
    CompletableFuture<HandedAlong> of(Lease lease) {
        var arrival = new CompletableFuture<HandedAlong>();
        expected.put(lease, arrival);
        aside.execute(() -> {
            try {
                receive(lease, arrival);
            } catch (RuntimeException | Error e) { // or the range would be arriving for ever, and its loads wait for it
                arrival.completeExceptionally(e);
                throw e;
            } finally {
                expected.remove(lease, arrival);
            }
        });
        return arrival;
    }

    /// The ranges whose keys are not all loaded yet that were live at the predecessor.
    Set<RangeId> arriving() {
        return expected.keySet().stream().map(Lease::range).collect(Collectors.toSet());
    }

    /// Stops waiting for it, and loading.
    void lost(Lease lease) {
        CompletableFuture<HandedAlong> arrival = expected.remove(lease);
        if (arrival != null) arrival.completeExceptionally(new CancellationException("the range is lost"));
    }

    private void receive(Lease lease, CompletableFuture<HandedAlong> arrival) {
        while (!arrival.isDone()) {
            try {
                HandedAlong handed = table.handedAlong(lease.tenure());
                arrival.complete(handed);
                warm(lease, handed);
            } catch (LeaseTableException e) {
                LOG.log(Level.WARNING, () -> "What came with range " + lease.range() + " is not known yet: " + e);
                rest.accept(BETWEEN_TRIES_NANOS);
            }
        }
    }

    private void warm(Lease lease, HandedAlong handed) {
        for (String key : handed.live()) {
            if (!expected.containsKey(lease)) return;
            long begun = nanoTime.getAsLong();
            dispatcher
                    .warm(new Key(lease.domain(), key), Deadline.in(LOAD, begun))
                    .join();
            rest.accept(nanoTime.getAsLong() - begun);
        }
    }
}
