package plumb.http;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import plumb.Deadline;
import plumb.routing.Routes;
import plumb.routing.RoutingTable;

/// Where requests wait for an owner, or for the end of a drain: bounded in number, and each by one budget and its
/// deadline. Thread-safe; waiting blocks the request's thread.
final class Parking {
    private static final Duration BRIEFLY = Duration.ofMillis(50);

    private final Duration park;
    private final Routes routes;
    private final HttpStats stats;
    private final LongSupplier nanoTime;
    private final int places;
    private final Semaphore free;

    Parking(HttpSettings settings, Routes routes, HttpStats stats, LongSupplier nanoTime) {
        this.park = settings.park();
        this.places = settings.maxParked();
        this.free = new Semaphore(places);
        this.routes = routes;
        this.stats = stats;
        this.nanoTime = nanoTime;
    }

    int occupied() {
        return places - free.availablePermits();
    }

    Stay stay(Deadline deadline) {
        return new Stay(deadline);
    }

    @FunctionalInterface
    private interface Wait {
        boolean upTo(long nanos) throws InterruptedException;
    }

    /// All that one request may wait. The budget begins with the first wait. Used by the request's thread alone.
    final class Stay {
        private final Deadline deadline;
        private boolean begun;
        private long untilNanos;

        private Stay(Deadline deadline) {
            this.deadline = deadline;
        }

        /// Waits for another table. False: not in time, or no place is free.
        boolean untilChanged(RoutingTable seen) throws InterruptedException {
            return parked(nanos -> routes.awaitChange(seen, nanos));
        }

        /// Waits for a gate to open. For one that is not there yet only briefly: the range may be granted to somebody
        /// else instead. False: not in time, or no place is free.
        boolean untilOpen(Gates.Closed gate) throws InterruptedException {
            return parked(nanos -> gate.held()
                    ? ended(gate.change(), nanos)
                    : ended(gate.change(), Math.min(nanos, BRIEFLY.toNanos())) || left() > 0);
        }

        private static boolean ended(Future<?> change, long nanos) throws InterruptedException {
            try {
                change.get(nanos, TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new AssertionError("nobody fails this future", e);
            }
        }

        /// Waits for another table, but not long. False: the budget is used up, or no place is free.
        boolean briefly(RoutingTable seen) throws InterruptedException {
            return parked(nanos -> {
                routes.awaitChange(seen, Math.min(nanos, BRIEFLY.toNanos()));
                return left() > 0;
            });
        }

        private boolean parked(Wait wait) throws InterruptedException {
            long left = left();
            if (left <= 0 || !free.tryAcquire()) return false;
            try {
                stats.add(HttpStats.Outcome.PARKED);
                return wait.upTo(left);
            } finally {
                free.release();
            }
        }

        private long left() {
            long now = nanoTime.getAsLong();
            if (!begun) {
                begun = true;
                untilNanos = now + park.toNanos();
            }
            return Math.min(untilNanos - now, deadline.left(now).toNanos());
        }
    }
}
