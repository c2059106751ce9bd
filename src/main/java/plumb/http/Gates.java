package plumb.http;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.RangeId;

/// One gate per range, through which its local requests pass: a drain closes it, waits until those inside have left,
/// and opens it again when it is known who owns the range. Safe for use by several threads.
///
/// Whoever opens a gate after the range has moved must have refreshed the routing table first: those who waited look at
/// it again.
public final class Gates {
    // holds busy and closed gates only, so it cannot grow with the ranges that ever were
    private final ConcurrentMap<RangeId, Gate> gates = new ConcurrentHashMap<>();

    /// Guarded by the map's lock of its entry.
    private static final class Gate {
        final CompletableFuture<Void> opened = new CompletableFuture<>();
        final CompletableFuture<Void> quiet = new CompletableFuture<>();
        boolean closed;
        int inside;

        Gate(int inside) {
            this.inside = inside;
        }
    }

    /// The right to be inside. Leaving twice is harmless.
    public final class Pass implements AutoCloseable {
        private final RangeId range;
        private final AtomicBoolean left = new AtomicBoolean();

        private Pass(RangeId range) {
            this.range = range;
        }

        /// Ends the stay. Does not block.
        public void leave() {
            if (left.compareAndSet(false, true)) Gates.this.leave(range);
        }

        @Override
        public void close() {
            leave();
        }
    }

    /// Does not block.
    ///
    /// @return empty: the gate is closed
    public Optional<Pass> enter(RangeId range) {
        boolean[] entered = {false};
        gates.compute(range, (id, known) -> {
            Gate gate = known == null ? new Gate(0) : known;
            if (!gate.closed) {
                gate.inside++;
                entered[0] = true;
            }
            return gate;
        });
        return entered[0] ? Optional.of(new Pass(range)) : Optional.empty();
    }

    /// Waits until the gate is open.
    ///
    /// @return false: it was still closed after that time
    public boolean awaitOpen(RangeId range, long nanos) throws InterruptedException {
        Gate gate = gates.get(range);
        if (gate == null) return true;
        try {
            if (isClosed(range, gate)) gate.opened.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails this future", e);
        }
    }

    /// Keeps newcomers out. Does not block; closing a closed gate gives the same stage.
    ///
    /// @return completes when nobody is inside, on the thread of the last to leave; cancelled if the gate is opened
    ///     before that
    public CompletionStage<Void> close(RangeId range) {
        Gate closed = gates.compute(range, (id, known) -> {
            Gate gate = known == null ? new Gate(0) : known;
            gate.closed = true;
            return gate;
        });
        if (inside(range) == 0) closed.quiet.complete(null); // nobody enters a closed gate: 0 stays 0
        return closed.quiet.minimalCompletionStage();
    }

    /// Lets those go on who wait, to decide again where they belong. Opening an open gate does nothing.
    public void open(RangeId range) {
        var opened = new AtomicReference<@Nullable Gate>();
        gates.computeIfPresent(range, (id, gate) -> {
            if (!gate.closed) return gate;
            opened.set(gate);
            return gate.inside == 0 ? null : new Gate(gate.inside);
        });
        Gate gate = opened.get();
        if (gate == null) return;
        gate.quiet.completeExceptionally(new CancellationException("the gate was opened"));
        gate.opened.complete(null);
    }

    /// How many are inside.
    public int inside(RangeId range) {
        int[] inside = {0};
        gates.computeIfPresent(range, (id, gate) -> {
            inside[0] = gate.inside;
            return gate;
        });
        return inside[0];
    }

    private void leave(RangeId range) {
        var emptied = new AtomicReference<@Nullable Gate>();
        gates.computeIfPresent(range, (id, gate) -> {
            gate.inside--;
            if (gate.inside > 0) return gate;
            if (!gate.closed) return null;
            emptied.set(gate);
            return gate;
        });
        Gate gate = emptied.get();
        if (gate != null) gate.quiet.complete(null);
    }

    private boolean isClosed(RangeId range, Gate gate) {
        boolean[] closed = {false};
        gates.computeIfPresent(range, (id, now) -> {
            closed[0] = now == gate && gate.closed;
            return now;
        });
        return closed[0];
    }
}
