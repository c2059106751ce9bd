package plumb.http;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

/// One gate per range that is held here, through which its local requests pass. A range has its gate from the moment
/// its handlers may live until it is lost, however early the routing table shows it: the table is told by the database
/// and may know of a grant before this instance does. A drain closes the gate and waits until those inside have left.
/// Safe for use by several threads; nothing here blocks.
///
/// A range keeps its number when it is split, so a gate knows the keys, too: an older table would lead the requests of
/// the other part here.
///
/// Who finds no way in gets a future that ends when looking again may help. Whoever opens a gate after the range has
/// moved must have refreshed the routing table first.
public final class Gates {
    private final ConcurrentMap<RangeId, Gate> gates = new ConcurrentHashMap<>();
    /// Ends with the next grant of any range: nobody waits for a single range that may never come.
    private final AtomicReference<CompletableFuture<Void>> nextGrant = new AtomicReference<>(new CompletableFuture<>());

    /// What `enter` found.
    public sealed interface Entry {}

    /// Not now.
    ///
    /// @param change ends when looking again may help
    /// @param held whether the range is held here, and only its gate is closed
    public record Closed(Future<?> change, boolean held) implements Entry {}

    /// The right to be inside. Leaving twice is harmless.
    public static final class Pass implements Entry {
        private final Gate gate;
        private final AtomicBoolean left = new AtomicBoolean();

        private Pass(Gate gate) {
            this.gate = gate;
        }

        /// Ends the stay. Does not block.
        public void leave() {
            if (left.compareAndSet(false, true)) gate.leave();
        }
    }

    /// Of one range in one epoch. Guarded by itself.
    private static final class Gate {
        final Epoch epoch;
        final KeyRange keys;
        private CompletableFuture<Void> opened = new CompletableFuture<>();
        private CompletableFuture<Void> quiet = new CompletableFuture<>();
        private boolean closed;
        private int inside;

        Gate(Epoch epoch, KeyRange keys) {
            this.epoch = epoch;
            this.keys = keys;
        }

        synchronized Entry enter() {
            if (closed) return new Closed(opened, true);
            inside++;
            return new Pass(this);
        }

        void leave() {
            CompletableFuture<Void> emptied;
            synchronized (this) {
                inside--;
                if (inside > 0 || !closed) return;
                emptied = quiet;
            }
            emptied.complete(null);
        }

        CompletionStage<Void> close() {
            CompletableFuture<Void> waiting;
            boolean empty;
            synchronized (this) {
                closed = true;
                waiting = quiet;
                empty = inside == 0; // nobody enters a closed gate: 0 stays 0
            }
            if (empty) waiting.complete(null);
            return waiting.minimalCompletionStage();
        }

        void open() {
            CompletableFuture<Void> nowOpened;
            CompletableFuture<Void> abandoned;
            synchronized (this) {
                if (!closed) return;
                closed = false;
                nowOpened = opened;
                abandoned = quiet;
                opened = new CompletableFuture<>();
                quiet = new CompletableFuture<>();
            }
            abandoned.completeExceptionally(new CancellationException("the gate was opened"));
            nowOpened.complete(null);
        }

        /// Nobody enters any more; who waits goes on waiting until it is known where to look instead.
        synchronized void shut() {
            closed = true;
        }

        /// Who waits, and who finds this gate late, looks elsewhere.
        void end() {
            shut();
            quiet.completeExceptionally(new CancellationException("the range is lost"));
            opened.complete(null);
        }
    }

    /// The range is held here in that epoch, and its handlers may live: from now on there is a way in.
    public void granted(RangeId range, Epoch epoch, KeyRange keys) {
        Gate former = gates.put(range, new Gate(epoch, keys));
        if (former != null) former.end();
        nextGrant.getAndSet(new CompletableFuture<>()).complete(null);
    }

    /// The range is not held any more. Who waits at its gate goes on waiting until [#forget].
    public void lost(RangeId range, Epoch epoch) {
        Gate gate = find(range, epoch);
        if (gate != null) gate.shut();
    }

    /// The routing table says where the lost range is now: those who waited look there.
    public void forget(RangeId range, Epoch epoch) {
        Gate gate = find(range, epoch);
        if (gate == null) return;
        gates.remove(range, gate);
        gate.end();
    }

    /// Enters the range in that epoch or a later one, if it is held here and open, and that slot is still one of its
    /// keys'.
    public Entry enter(RangeId range, Epoch epoch, Slot slot) {
        while (true) {
            Future<?> granted = nextGrant.get(); // before the look: a grant after it ends this one
            Gate gate = gates.get(range);
            if (gate == null || epoch.isAfter(gate.epoch) || !gate.keys.contains(slot))
                return new Closed(granted, false);
            Entry entry = gate.enter();
            if (gates.get(range) == gate) return entry;
            if (entry instanceof Pass pass) pass.leave(); // of a gate that is not there any more
        }
    }

    /// Keeps newcomers out. Closing a closed gate gives the same stage.
    ///
    /// @return completes when nobody is inside, on the thread of the last to leave; cancelled if the gate is opened
    ///     before that
    public CompletionStage<Void> close(RangeId range, Epoch epoch) {
        Gate gate = find(range, epoch);
        return gate == null ? CompletableFuture.completedStage(null) : gate.close();
    }

    /// The move did not happen: lets everybody in again. Opening an open gate does nothing.
    public void open(RangeId range, Epoch epoch) {
        Gate gate = find(range, epoch);
        if (gate != null) gate.open();
    }

    private @Nullable Gate find(RangeId range, Epoch epoch) {
        Gate gate = gates.get(range);
        return gate != null && gate.epoch.equals(epoch) ? gate : null;
    }
}
