package bench.micro;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.Warmup;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult;
import plumb.commit.FencedStore;
import plumb.commit.LaneSettings;
import plumb.commit.Unit;
import plumb.keyspace.Key;

/// From the end of a turn to the lane, through a store that commits at once, and back to the answer: what is more than
/// in [Turns#turn] is the lane's. By keys that do so at once.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Lane {
    private static final int CALLS = 4_096;
    private static final int MOST = 256;

    private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();
    private final CommitLane lane = new CommitLane(
            new AtOnce(),
            (doubted, xid) -> CommitResult.Outcome.UNKNOWN,
            LaneSettings.ofBatch(1_024),
            Thread.ofPlatform().factory(),
            completions,
            System::nanoTime);
    private final Serving serving = new Serving(lane, MOST);
    private final Key[] one = Serving.keys(1);
    private final Key[] sixteen = Serving.keys(16);
    private final Key[] most = Serving.keys(MOST);

    private static final class AtOnce implements FencedStore {
        private static final Attempt APPLIED = new Attempt.Applied(Set.of());

        @Override
        public Attempt commit(List<Unit> units) {
            units.forEach(unit -> unit.writes().forEach(write -> write.committed(1)));
            return APPLIED;
        }

        @Override
        public void close() {}
    }

    @Setup
    public void load() throws InterruptedException {
        lane.start();
        serving.ask(most, 1, Serving.Count::next);
    }

    @TearDown
    public void close() {
        serving.close();
        lane.close();
        completions.close();
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void turnsAtOnce001() throws InterruptedException {
        serving.ask(one, CALLS, Serving.Count::written);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void turnsAtOnce016() throws InterruptedException {
        serving.ask(sixteen, CALLS / 16, Serving.Count::written);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void turnsAtOnce256() throws InterruptedException {
        serving.ask(most, CALLS / MOST, Serving.Count::written);
    }
}
