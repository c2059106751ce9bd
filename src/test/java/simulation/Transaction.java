package simulation;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Tenure;
import plumb.ownership.InMemoryLeaseTable.Fence;
import plumb.postgres.TransactionStatus.State;

/// A lane's transaction on the server: whoever changes the owner of a range waits for the fences that it holds.
final class Transaction {
    private final Database database;
    private final String xid;
    private final List<Unit> units;
    private final List<Fence> fences;
    private final Set<Tenure> refused = new HashSet<>();
    private State state = State.IN_PROGRESS;

    /// @param passed those of all that the fence let through
    Transaction(Database database, String xid, List<Unit> all, List<Unit> passed, Collection<Fence> fences) {
        this.database = database;
        this.xid = xid;
        this.units = passed;
        this.fences = List.copyOf(fences);
        all.forEach(unit -> refused.add(unit.tenure()));
        passed.forEach(unit -> refused.remove(unit.tenure()));
    }

    String xid() {
        return xid;
    }

    /// The tenures that the fence did not let through.
    Set<Tenure> refused() {
        return refused;
    }

    State state() {
        return state;
    }

    boolean isBad() {
        return units.stream()
                .flatMap(unit -> unit.writes().stream())
                .map(Write::row)
                .anyMatch(row -> ((Entry) row).bad());
    }

    /// False: the server had ended it before.
    boolean commit() {
        if (state != State.IN_PROGRESS) return state == State.COMMITTED;
        boolean stands = true;
        for (Fence fence : fences) stands &= database.leases.commit(fence);
        state = stands ? State.COMMITTED : State.ABORTED;
        if (stands) database.apply(units);
        return stands;
    }

    void abort() {
        if (state != State.IN_PROGRESS) return;
        state = State.ABORTED;
        fences.forEach(database.leases::commit); // lets go of them
    }
}
