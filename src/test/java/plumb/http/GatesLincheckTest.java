package plumb.http;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

/// Every interleaving of requests that come and go with a drain and a takeover is one of them taking turns.
@Param(name = "thread", gen = ThreadIdGen.class)
public class GatesLincheckTest {
    private static final RangeId RANGE = new RangeId(1);
    private static final Epoch FIRST = new Epoch(1);
    private static final Epoch SECOND = new Epoch(2);
    private static final Slot SLOT = new Slot(4_711);
    private static final int THREADS = 8;

    private final Gates gates = new Gates();
    private final AtomicReferenceArray<Gates.Pass> passes = new AtomicReferenceArray<>(THREADS);

    public GatesLincheckTest() {
        gates.granted(RANGE, FIRST, KeyRange.ALL);
    }

    @Operation
    public String enter(@Param(name = "thread") int thread) {
        if (passes.get(thread) != null) return "inside";
        return switch (gates.enter(RANGE, FIRST, SLOT)) {
            case Gates.Pass pass -> {
                passes.set(thread, pass);
                yield "entered";
            }
            case Gates.Closed closed -> closed.held() ? "closed" : "not held";
        };
    }

    @Operation
    public void leave(@Param(name = "thread") int thread) {
        Gates.Pass pass = passes.getAndSet(thread, null);
        if (pass != null) pass.leave();
    }

    /// One keeper drains, grants and loses.
    @Operation(nonParallelGroup = "keeper")
    public boolean close() {
        return gates.close(RANGE, FIRST).toCompletableFuture().isDone();
    }

    @Operation(nonParallelGroup = "keeper")
    public void open() {
        gates.open(RANGE, FIRST);
    }

    @Operation(nonParallelGroup = "keeper")
    public void lost() {
        gates.lost(RANGE, FIRST);
        gates.forget(RANGE, FIRST);
    }

    @Operation(nonParallelGroup = "keeper")
    public void granted() {
        gates.granted(RANGE, SECOND, KeyRange.ALL);
    }

    @Test
    void isLinearizable() {
        new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(100)
                .threads(3)
                .actorsPerThread(3)
                .check(GatesLincheckTest.class);
    }
}
