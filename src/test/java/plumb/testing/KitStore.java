package plumb.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.Statement;
import plumb.commit.FencedStore;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;

/// The database, which outlives every owner: who owns, what is committed, and what goes wrong around a commit. Knows
/// rows, not SQL. A lane brings it one turn at a time, so that the next commit is the next turn that writes. Safe for
/// use by several threads.
final class KitStore implements FencedStore {
    /// What is to happen around a commit.
    enum Accident {
        NONE,
        /// The instance dies before it.
        CRASH_BEFORE,
        /// The instance dies after it, before anybody is told.
        CRASH_AFTER,
        /// The database refuses the data.
        BAD_DATA
    }

    private record Row(Statement<?> statement, Record row) {}

    private static final Incarnation NOBODY = new Incarnation(new UUID(0, 0));

    private final KitAlarms alarms = new KitAlarms();
    private final KitRequests requests = new KitRequests();
    private final Map<Class<?>, Consumer<Record>> listeners;
    private final List<List<Row>> commits = new ArrayList<>();

    private Epoch epoch = new Epoch(0);
    private Incarnation owner = NOBODY;
    private Runnable death = () -> {};
    private Accident accident = Accident.NONE;
    private int commitsUntil;
    private boolean isAside;
    private @Nullable RuntimeException complaint;

    /// @param listeners hear of each committed row of a record, in order, before anybody is told that it is committed
    KitStore(Map<Class<?>, Consumer<Record>> listeners) {
        this.listeners = Map.copyOf(listeners);
    }

    KitAlarms alarms() {
        return alarms;
    }

    KitRequests requests() {
        return requests;
    }

    /// From now on the fence lets nobody else through.
    ///
    /// @param dies ends that owner
    synchronized void grant(Epoch granted, Incarnation to, Runnable dies) {
        epoch = granted;
        owner = to;
        death = dies;
    }

    /// The owner after that one is somebody else, who writes nothing yet.
    synchronized void grantNext(Epoch after) {
        epoch = new Epoch(after.value() + 1);
        owner = NOBODY;
        death = () -> {};
    }

    /// @param commits counted from now, the next one is 1
    synchronized void plan(Accident planned, int commits) {
        if (commits < 1) throw new IllegalArgumentException("the next commit is number 1, not " + commits);
        accident = planned;
        commitsUntil = commits;
    }

    /// What is committed meanwhile is the kit's own, and no accident befalls it.
    synchronized void aside(boolean begins) {
        isAside = begins;
    }

    @Override
    public synchronized Attempt commit(List<Unit> units) {
        List<Unit> held = units.stream().filter(unit -> holds(unit.tenure())).toList();
        Set<Tenure> refused = units.stream()
                .map(Unit::tenure)
                .filter(tenure -> !holds(tenure))
                .collect(Collectors.toSet());
        if (held.stream().allMatch(unit -> unit.writes().isEmpty())) return new Attempt.Applied(refused);
        return commit(held, refused);
    }

    private boolean holds(Tenure tenure) {
        return tenure.epoch().equals(epoch) && tenure.owner().equals(owner);
    }

    private Attempt commit(List<Unit> units, Set<Tenure> refused) {
        String unfit = unfit(units);
        if (unfit != null) return new Attempt.BadData("22023", unfit);
        return switch (next()) {
            case NONE -> {
                units.forEach(this::apply);
                yield new Attempt.Applied(refused);
            }
            case BAD_DATA -> new Attempt.BadData("23514", "the test wants it");
            case CRASH_BEFORE -> dead(refused);
            case CRASH_AFTER -> {
                units.forEach(this::apply);
                yield dead(refused);
            }
        };
    }

    /// Whether a statement and its record do not fit shows when it is bound, as it does in JDBC.
    private static @Nullable String unfit(List<Unit> units) {
        try {
            for (Unit unit : units)
                for (Write write : unit.writes()) write.statement().bind(write.row(), engine -> 0);
            return null;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Accident next() {
        if (accident == Accident.NONE || isAside || --commitsUntil > 0) return Accident.NONE;
        Accident now = accident;
        accident = Accident.NONE;
        return now;
    }

    /// The connection dies with its owner.
    private Attempt dead(Set<Tenure> refused) {
        owner = NOBODY;
        death.run();
        return new Attempt.InDoubt("1", refused, "the instance died");
    }

    private void apply(Unit unit) {
        var own = new ArrayList<Row>(); // the domain's
        for (Write write : unit.writes()) {
            write.committed(1);
            switch (write.row()) {
                case KitAlarms.Row alarm -> alarms.committed(alarm);
                case KitRequests.Row request -> requests.committed(request);
                default -> own.add(new Row(write.statement(), write.row()));
            }
        }
        if (!own.isEmpty()) commits.add(List.copyOf(own));
        for (Row each : own) tell(each.row());
    }

    private void tell(Record row) {
        try {
            listeners.getOrDefault(row.getClass(), each -> {}).accept(row);
        } catch (RuntimeException e) { // it stands all the same; whoever called hears of it
            if (complaint == null)
                complaint = new IllegalStateException("what listens to commits of " + row + " has failed", e);
        }
    }

    /// What a listener has failed with.
    synchronized void complain() {
        RuntimeException now = complaint;
        complaint = null;
        if (now != null) throw now;
    }

    /// The domain's rows, turn by turn.
    synchronized List<List<Record>> commits() {
        return commits.stream()
                .map(turn -> turn.stream().map(Row::row).toList())
                .toList();
    }

    /// Those of one statement, in order.
    synchronized List<Record> rows(Statement<?> of) {
        return commits.stream()
                .flatMap(List::stream)
                .filter(each -> each.statement() == of)
                .map(Row::row)
                .toList();
    }

    /// A lane has ended.
    @Override
    public void close() {}
}
