package simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Tenure;
import plumb.ownership.InMemoryLeaseTable;
import plumb.ownership.InMemoryLeaseTable.Fence;
import plumb.postgres.TransactionStatus.State;

/// The server: lease rows, the domain's rows, and transactions. What is done here happens at one moment.
final class Database {
    /// An entry that was committed.
    record Row(Entry entry, Tenure tenure) {}

    private static final long SOON = Duration.ofMillis(10).toNanos();

    final InMemoryLeaseTable leases = new InMemoryLeaseTable();

    private final World world;
    private final Map<String, List<Row>> rows = new HashMap<>();
    private final Map<String, Transaction> transactions = new HashMap<>();
    private long told;

    /// Nobody gets through.
    boolean away;

    Database(World world) {
        this.world = world;
    }

    /// Takes the fence for as many tenures as hold.
    Transaction begin(List<Unit> units) {
        var fences = new HashMap<Tenure, Fence>();
        for (Unit unit : units) {
            if (fences.containsKey(unit.tenure())) continue;
            Fence fence = leases.fence(unit.tenure());
            if (fence != null) fences.put(unit.tenure(), fence);
        }
        List<Unit> passed = world.seams.fences()
                ? units.stream()
                        .filter(unit -> fences.containsKey(unit.tenure()))
                        .toList()
                : units;
        var transaction = new Transaction(this, "x" + transactions.size(), units, passed, fences.values());
        transactions.put(transaction.xid(), transaction);
        return transaction;
    }

    State status(String xid) {
        return transactions.get(xid).state();
    }

    /// Whose effects are committed of a key, line by line.
    List<String> requests(String key) {
        var requests = new ArrayList<String>();
        for (Row row : rows(key)) requests.add(row.entry().request());
        return requests;
    }

    /// What is committed of a key, in order.
    List<Row> rows(String key) {
        return rows.getOrDefault(key, List.of());
    }

    /// After each call: whoever listens hears of it soon.
    void changed() {
        world.exclusivity.check();
        long version = leases.version();
        if (version == told) return;
        told = version;
        for (Instance instance : world.instances())
            world.scheduler.after(world.luck.nextLong(SOON), () -> instance.notified(version));
    }

    /// The last moment of a transaction.
    void apply(List<Unit> units) {
        for (Unit unit : units) {
            for (Write write : unit.writes()) {
                var row = new Row((Entry) write.row(), unit.tenure());
                rows.computeIfAbsent(row.entry().key(), key -> new ArrayList<>())
                        .add(row);
                world.tell(() -> "committed " + row);
                world.history.committed(row);
            }
            if (!unit.writes().isEmpty())
                world.history.whole(((Entry) unit.writes().getLast().row()).key());
        }
    }
}
