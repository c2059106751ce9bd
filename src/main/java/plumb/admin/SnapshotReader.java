package plumb.admin;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.function.Function;
import java.util.stream.Collectors;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Progress;
import plumb.ownership.LeaseKeeper;
import plumb.ownership.LeaseTable;
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
        return Snapshot.of(
                leases.instances(),
                leases.rangesSince(0).ranges(),
                timeLeft.ofInstances(),
                dispatcher.progress().stream().collect(Collectors.toMap(Progress::range, Function.identity())),
                keeper.incarnation().orElse(null));
    }
}
