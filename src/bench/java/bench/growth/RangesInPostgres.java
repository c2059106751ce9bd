package bench.growth;

import bench.MadeUp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow;
import plumb.ownership.KeeperSettings;
import plumb.ownership.Ownership;
import plumb.ownership.SteppedKeeper;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresHeartbeat;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresSettings;
import plumb.testsupport.DurablePostgres;

/// What the ranges of a domain cost where they are rows: two keepers with the time-outs that everybody has, of which
/// one dies.
final class RangesInPostgres {
    private static final String DATABASE = "ranges";
    private static final int MOST_TICKS = 1_000;
    private static final KeeperSettings SETTINGS = KeeperSettings.defaults().with(new Ownership.Leased(false));

    private final DurablePostgres postgres;
    private final Sizes sizes;

    RangesInPostgres(DurablePostgres postgres, Sizes sizes) {
        this.postgres = postgres;
        this.sizes = sizes;
    }

    /// An instance without HTTP.
    private record Node(PostgresLeaseTable table, PostgresHeartbeat heartbeat, SteppedKeeper keeper)
            implements AutoCloseable {
        static Node of(String name, Connections connections) {
            var table = new PostgresLeaseTable(connections);
            var heartbeat = new PostgresHeartbeat(connections, SETTINGS.ttl());
            var node = new Node(table, heartbeat, new SteppedKeeper(MadeUp.info(name), SETTINGS, table, heartbeat));
            node.keeper.tick(); // registers
            node.keeper.renew();
            return node;
        }

        void round() {
            keeper.signal();
            keeper.tick();
        }

        /// As soon as a keeper that is told would.
        void claim(int ranges) {
            for (int i = 0; keeper.leases() < ranges; i++) {
                if (i == MOST_TICKS) throw new IllegalStateException("has only " + keeper.leases() + " of " + ranges);
                round();
                keeper.renew();
            }
        }

        @Override
        public void close() {
            table.close();
            heartbeat.close();
        }
    }

    void measure(Consumer<Sheet> out) throws Exception {
        var sheet = new Sheet(
                        "ranges",
                        "created, ms",
                        "claimed at the first start, ms",
                        "claimed after a death, ms",
                        "all read, ms",
                        "what has changed is read, ms",
                        "a keeper's round, ms",
                        "a renewal, ms")
                .picture("growth-ranges-postgres.svg", "Ranges as rows: when owners change", "ms", 0, 1, 2, 3)
                .picture("growth-ranges-steady.svg", "Ranges as rows: all the time", "ms", 4, 5, 6);
        measure(sizes.ranges().getFirst()); // in vain
        for (int ranges : sizes.ranges()) sheet.add(ranges, measure(ranges));
        out.accept(sheet);
    }

    private double[] measure(int ranges) throws Exception {
        var connections =
                new Connections(PostgresSettings.of(postgres.createDatabase(DATABASE), DurablePostgres.USER, ""));
        new Migrations(connections, RangesInPostgres.class.getClassLoader(), List.of("plumb")).run();
        try (Node first = Node.of("first", connections)) {
            Cost created = Cost.ofOnce(() -> first.table().createRanges(MadeUp.DOMAIN, "UUID", ranges));
            Cost claimed = Cost.ofOnce(() -> first.claim(ranges));
            try (Node second = Node.of("second", connections)) {
                bury(first, second);
                Cost inherited = Cost.ofOnce(() -> second.claim(ranges));
                long version = second.table().rangesSince(0).version();
                Duration time = sizes.figure();
                return new double[] {
                    created.millis(),
                    claimed.millis(),
                    inherited.millis(),
                    Cost.of(time, () -> second.table().rangesSince(0)).millis(),
                    Cost.of(time, () -> second.table().rangesSince(version)).millis(),
                    Cost.of(time, second::round).millis(),
                    Cost.of(time, second.keeper()::renew).millis()
                };
            }
        }
    }

    private static void bury(Node dead, Node by) {
        Incarnation victim = dead.keeper().incarnation();
        InstanceRow row = by.table().instance(victim).orElseThrow();
        if (!by.table().declareDead(by.keeper().incarnation(), victim, row.heartbeat()))
            throw new IllegalStateException("it lives");
    }
}
