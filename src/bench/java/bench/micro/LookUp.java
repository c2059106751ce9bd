package bench.micro;

import bench.MadeUp;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import plumb.keyspace.Key;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.routing.Route;
import plumb.routing.RoutingTable;

/// Whose key is it? What every request asks first: random keys, spelled as UUIDs, hashed each time.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LookUp {
    private static final int KEYS = 1 << 12;

    @Param({"64", "1024", "100000"})
    public int ranges;

    private final Key[] keys = new Key[KEYS];
    private RoutingTable table = RoutingTable.empty();
    private int next;

    @Setup
    public void fill() {
        List<InstanceRow> owners = MadeUp.instances(10);
        var page = new RangePage(MadeUp.ranges(ranges, owners), 1);
        table = RoutingTable.empty().with(owners.getFirst().incarnation(), page, MadeUp.byId(owners));
        for (int i = 0; i < KEYS; i++)
            keys[i] = new Key(MadeUp.DOMAIN, UUID.randomUUID().toString());
    }

    @Benchmark
    public Route route() {
        return table.route(keys[next++ & (KEYS - 1)]);
    }
}
