package bench.growth;

import bench.MadeUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import plumb.Handler;
import plumb.admin.MapSize;
import plumb.balance.Planner;
import plumb.balance.PlannerSettings;
import plumb.balance.Snapshot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.commit.CommitResult;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;
import plumb.routing.Route;
import plumb.routing.RoutingTable;

/// What an instance does with all ranges, without a database: plans, is granted them, routes, draws them.
final class RangesInMemory {
    private static final int OWNERS = 3;
    private static final int KEYS = 1 << 12;
    private static final long SEED = 20_261_129;

    private final Sizes sizes;

    RangesInMemory(Sizes sizes) {
        this.sizes = sizes;
    }

    void measure(Consumer<Sheet> out) throws Exception {
        var sheet = new Sheet(
                        "ranges",
                        "plan for an idle newcomer, ms",
                        "plan under load, ms",
                        "plan where nothing is to be done, ms",
                        "all are granted, ms",
                        "routing table of all, ms",
                        "routing table after one change, ms",
                        "look-up, ns",
                        "map of the leases, KiB")
                .picture("growth-ranges-plan.svg", "Planning a round of balancing", "ms", 0, 1, 2)
                .picture("growth-ranges-memory.svg", "All ranges in one instance", "ms", 3, 4, 5)
                .picture("growth-ranges-lookup.svg", "Whose key is it?", "ns", 6);
        for (int ranges : sizes.ranges()) sheet.add(ranges, measure(ranges));
        out.accept(sheet);
    }

    private double[] measure(int ranges) throws Exception {
        List<InstanceRow> instances = MadeUp.instances(OWNERS + 1); // the last owns nothing
        List<RangeRow> rows = MadeUp.ranges(ranges, instances.subList(0, OWNERS));
        RoutingTable table = routing(rows, instances);
        return new double[] {
            planning(ranges, snapshot(instances, rows, part -> 0)),
            planning(ranges, snapshot(instances, rows, new Loads())),
            planning(ranges, snapshot(instances.subList(0, OWNERS), rows, part -> 0)),
            Cost.of(sizes.figure(), () -> granted(rows)).millis(),
            Cost.of(sizes.figure(), () -> routing(rows, instances)).millis(),
            refresh(table, rows, instances),
            lookUp(table),
            MapSize.ofMap(instances, rows) / 1024.0
        };
    }

    private interface LoadOf {
        double part(RangeRow row);
    }

    /// The first instance's ranges carry twice as much as the others', each something else.
    private static final class Loads implements LoadOf {
        private final Random random = new Random(SEED);

        @Override
        public double part(RangeRow row) {
            return random.nextDouble() * (row.range().value() % OWNERS == 0 ? 0.02 : 0.01);
        }
    }

    private static Snapshot snapshot(List<InstanceRow> instances, List<RangeRow> rows, LoadOf load) {
        return new Snapshot(
                instances.stream()
                        .map(row -> new Member(row.incarnation(), row.info().name(), true))
                        .toList(),
                rows.stream()
                        .map(row -> new Part(
                                row.range(),
                                row.domain(),
                                row.keys(),
                                row.epoch(),
                                row.owner(),
                                false,
                                false,
                                load.part(row),
                                List.of()))
                        .toList());
    }

    private double planning(int ranges, Snapshot snapshot) throws Exception {
        var planner = new Planner(PlannerSettings.defaults(), ranges);
        return Cost.of(sizes.figure(), () -> planner.plan(snapshot)).millis();
    }

    /// To a new dispatcher, as after a start alone.
    private static void granted(List<RangeRow> rows) {
        var dispatcher = new Dispatcher(
                new DispatchSettings(1, 1, Duration.ofMillis(20), Duration.ofDays(1), 1),
                unit -> CompletableFuture.completedFuture(new CommitResult.Committed()),
                () -> true,
                System::nanoTime,
                Thread.ofVirtual().factory(),
                Runnable::run);
        Handler.Factory<long[]> factory = (key, writes) -> () -> new long[1];
        dispatcher.register(MadeUp.DOMAIN, factory);
        var me = new Incarnation(new UUID(0, 1));
        for (RangeRow row : rows)
            dispatcher.granted(MadeUp.DOMAIN, row.keys(), new Tenure(row.range(), row.epoch(), me));
    }

    private static RoutingTable routing(List<RangeRow> rows, List<InstanceRow> instances) {
        return RoutingTable.empty()
                .with(instances.getFirst().incarnation(), new RangePage(rows, 1), MadeUp.byId(instances));
    }

    private double refresh(RoutingTable table, List<RangeRow> rows, List<InstanceRow> instances) throws Exception {
        Map<Incarnation, InstanceRow> known = MadeUp.byId(instances);
        var page = new RangePage(List.of(MadeUp.moved(rows.get(rows.size() / 2), instances.getLast(), 2)), 2);
        return Cost.of(sizes.figure(), () -> table.with(instances.getFirst().incarnation(), page, known))
                .millis();
    }

    private double lookUp(RoutingTable table) throws Exception {
        var keys = new ArrayList<Key>();
        IntStream.range(0, KEYS)
                .forEach(i -> keys.add(new Key(MadeUp.DOMAIN, UUID.randomUUID().toString())));
        var local = new long[1]; // so that none is left out
        Cost all = Cost.of(sizes.figure(), () -> {
            for (Key key : keys) if (table.route(key) instanceof Route.Local) local[0]++;
        });
        if (local[0] == 0) throw new IllegalStateException("nothing was routed");
        return all.nanos() / KEYS;
    }
}
