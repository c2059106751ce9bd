package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Progress;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
import plumb.ownership.RangeRow;
import plumb.postgres.TimeLeft;

/// Reads what the pages show.
@Dependent
class SnapshotReader {
    private final LeaseKeeper keeper;
    private final LeaseTable leases;
    private final TimeLeft timeLeft;
    private final Dispatcher dispatcher;

    @Inject
    SnapshotReader(LeaseKeeper keeper, LeaseTable leases, TimeLeft timeLeft, Dispatcher dispatcher) {
        this.keeper = keeper;
        this.leases = leases;
        this.timeLeft = timeLeft;
        this.dispatcher = dispatcher;
    }

    /// Blocks for the database.
    ///
    /// @throws plumb.ownership.LeaseTableException if it did not answer
    Snapshot read() {
        List<InstanceRow> living = leases.instances();
        List<RangeRow> ranges = leases.rangesSince(0).ranges();
        return Snapshot.of(
                living,
                dead(living, ranges),
                ranges,
                timeLeft.ofInstances(),
                dispatcher.progress().stream().collect(Collectors.toMap(Progress::range, Function.identity())),
                keeper.incarnation().orElse(null));
    }

    /// Who still stands in the ranges' rows: a few, and not for long.
    private List<InstanceRow> dead(List<InstanceRow> living, List<RangeRow> ranges) {
        Set<Incarnation> gone = new HashSet<>();
        for (RangeRow range : ranges) {
            if (range.owner() != null) gone.add(range.owner());
            if (range.target() != null) gone.add(range.target());
        }
        living.forEach(row -> gone.remove(row.incarnation()));
        return gone.stream().map(leases::instance).flatMap(Optional::stream).toList();
    }
}
