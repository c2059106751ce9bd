package plumb.commit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import plumb.Statement;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// A database in memory, with a fence and one constraint. Does with an attempt what the test scripted, or else what a
/// database would do.
final class ScriptedStore implements FencedStore {
    static final Incarnation ME = new Incarnation(UUID.randomUUID());

    record Note(String name) {}

    private static final Statement<Note> INSERT = Statement.of(Note.class, "insert into note values (:name)");

    private final Queue<Function<List<Unit>, Attempt>> script = new ArrayDeque<>(); // guarded by this
    private final Set<Tenure> lost = ConcurrentHashMap.newKeySet();
    private final Set<String> poison = ConcurrentHashMap.newKeySet();
    private final List<List<String>> attempts = new CopyOnWriteArrayList<>();
    private final List<String> durable = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    static Tenure tenure(int range) {
        return new Tenure(new RangeId(range), new Epoch(5), ME);
    }

    static Unit unit(int range, String name) {
        return new Unit(tenure(range), List.of(new Write(INSERT, new Note(name))));
    }

    static List<Unit> units(int range, String... names) {
        return List.of(names).stream().map(name -> unit(range, name)).toList();
    }

    static String name(Unit unit) {
        return unit.writes().isEmpty()
                ? "a probe"
                : ((Note) unit.writes().getFirst().row()).name();
    }

    /// The next attempt that is not scripted yet gets this.
    synchronized void next(Function<List<Unit>, Attempt> step) {
        script.add(step);
    }

    void next(Attempt answer) {
        next(units -> answer);
    }

    void nextThrows(Throwable failure) {
        next(units -> {
            throw ScriptedStore.<RuntimeException>unchecked(failure);
        });
    }

    /// The next attempt waits inside the database until it is let go.
    Held holdNext() {
        var held = new Held();
        next(units -> {
            held.entered.countDown();
            await(held.released);
            return apply(units);
        });
        return held;
    }

    void lose(int range) {
        lost.add(tenure(range));
    }

    /// A unit of that name violates a constraint.
    void poison(String name) {
        poison.add(name);
    }

    /// The names of the units of each attempt.
    List<List<String>> attempts() {
        return attempts;
    }

    List<String> durable() {
        return durable;
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public Attempt commit(List<Unit> units) {
        attempts.add(units.stream().map(ScriptedStore::name).toList());
        Function<List<Unit>, Attempt> step;
        synchronized (this) {
            step = script.poll();
        }
        return step == null ? apply(units) : step.apply(units);
    }

    /// What a database would do.
    Attempt apply(List<Unit> units) {
        var fenced =
                units.stream().filter(unit -> !lost.contains(unit.tenure())).toList();
        for (Unit unit : fenced)
            if (poison.contains(name(unit))) return new Attempt.BadData("23505", "no " + name(unit));
        for (Unit unit : fenced) durable.add(name(unit));
        return new Attempt.Applied(
                units.stream().map(Unit::tenure).filter(lost::contains).collect(Collectors.toSet()));
    }

    @Override
    public void close() {
        closed.countDown();
    }

    void awaitClosed() {
        await(closed);
    }

    static final class Held {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        /// Returns when the attempt is inside the database.
        void awaitEntered() {
            await(entered);
        }

        void release() {
            released.countDown();
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) throw new AssertionError("not within 10 s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable failure) throws E {
        throw (E) failure;
    }
}
