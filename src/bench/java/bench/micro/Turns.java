package bench.micro;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import plumb.commit.CommitResult;
import plumb.keyspace.Key;

/// The way of a request through the dispatcher: into the mailbox of a live handler, a turn without any input or output,
/// and the answer back.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Turns {
    private static final int CALLS = 1_024;
    private static final int BURST = 128;

    private final Key[] one = Serving.keys(1);
    private final Serving serving = serving();

    private static Serving serving() {
        return new Serving(unit -> CompletableFuture.completedFuture(new CommitResult.Committed()), 16);
    }

    @Setup
    public void load() throws InterruptedException {
        serving.ask(one, 1, Serving.Count::next);
    }

    @TearDown
    public void close() {
        serving.close();
    }

    /// Each request has a turn of its own: the next comes when this one is answered.
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void turn() throws InterruptedException {
        serving.ask(one, CALLS, Serving.Count::next);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void mailboxOf01Producer() throws InterruptedException {
        serving.flood(one[0], BURST, Serving.Count::next);
    }

    @Benchmark
    @Threads(4)
    @OperationsPerInvocation(BURST)
    public void mailboxOf04Producers() throws InterruptedException {
        serving.flood(one[0], BURST, Serving.Count::next);
    }

    @Benchmark
    @Threads(16)
    @OperationsPerInvocation(BURST)
    public void mailboxOf16Producers() throws InterruptedException {
        serving.flood(one[0], BURST, Serving.Count::next);
    }
}
