package bench.micro;

import bench.Cpu;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// CPU per operation, of this process and of a Postgres that it uses: where others use the machine, too, it says more
/// than the time that has passed.
public final class CpuProfiler implements InternalProfiler {
    static final String OWN = "cpu";
    static final String POSTGRES = "cpu.postgres";
    private static volatile long postgres;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private double ownBefore;
    private double postgresBefore;

    /// The server whose CPU counts from now on.
    static void watch(long pid) {
        postgres = pid;
    }

    @Override
    public String getDescription() {
        return "CPU per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        ownBefore = system.getProcessCpuTime();
        postgresBefore = postgresNanos();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double operations = result.getMetadata().getAllOps();
        return List.of(
                perOperation(OWN, (system.getProcessCpuTime() - ownBefore) / operations),
                perOperation(POSTGRES, (postgresNanos() - postgresBefore) / operations));
    }

    private static ScalarResult perOperation(String name, double nanos) {
        return new ScalarResult(name, nanos, "ns/op", AggregationPolicy.AVG);
    }

    private static double postgresNanos() {
        return postgres == 0 ? 0 : Cpu.ofTree(postgres) * 1e9;
    }
}
