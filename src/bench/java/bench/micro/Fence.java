package bench.micro;

import bench.FencedTurns;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Warmup;
import plumb.commit.FencedStore.Attempt;
import plumb.commit.Unit;
import plumb.postgres.PostgresFencedStore;
import plumb.testsupport.DurablePostgres;

/// A fenced transaction in a durable Postgres (fsync and synchronous_commit on), per order in it; and the fence alone,
/// which writes nothing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Fence {
    private final DurablePostgres postgres = DurablePostgres.start();
    private final FencedTurns turns = turns();
    private final PostgresFencedStore store = new PostgresFencedStore(turns.connections());

    private FencedTurns turns() {
        try {
            return new FencedTurns(postgres);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void watch() {
        CpuProfiler.watch(postgres.pid());
    }

    @TearDown
    public void close() {
        store.close();
        turns.close();
        postgres.close();
    }

    private void commit(int size, Supplier<Unit> source) {
        List<Unit> units = Stream.generate(source).limit(size).toList();
        if (!(store.commit(units) instanceof Attempt.Applied applied)
                || !applied.refused().isEmpty()) throw new IllegalStateException("not committed");
    }

    @Benchmark
    public void alone() {
        commit(1, turns::nextProbe);
    }

    @Benchmark
    public void batchOf001() {
        commit(1, turns::next);
    }

    @Benchmark
    @OperationsPerInvocation(4)
    public void batchOf004() {
        commit(4, turns::next);
    }

    @Benchmark
    @OperationsPerInvocation(16)
    public void batchOf016() {
        commit(16, turns::next);
    }

    @Benchmark
    @OperationsPerInvocation(64)
    public void batchOf064() {
        commit(64, turns::next);
    }

    @Benchmark
    @OperationsPerInvocation(256)
    public void batchOf256() {
        commit(256, turns::next);
    }
}
