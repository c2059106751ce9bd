package plumb.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import plumb.Alarms;
import plumb.Keyed;
import plumb.LiveTotal;
import plumb.LiveTotals;
import plumb.Once;
import plumb.Statement;
import plumb.Timers;
import plumb.Undo;
import plumb.Writes;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.LiveSum;
import plumb.dispatch.PendingAlarm;
import plumb.dispatch.Rank;
import plumb.dispatch.Turn;
import plumb.http.Json;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Key;
import plumb.keyspace.RangeId;
import plumb.runtime.OnceInTable;
import plumb.runtime.PerKeyFactory;
import plumb.runtime.PerKeyTypes;
import plumb.testing.KitInjector.Offer;
import plumb.testing.KitStore.Accident;

/// Runs [PerKey] classes on the engine that runs them in production: mailboxes, turns, undo, alarms, the lane, moves,
/// epochs and the fence are the real ones. What is played: the database (it keeps rows and knows no SQL), the container
/// (fields are injected by type, nothing is intercepted), the network (requests are method calls), and time.
///
/// ```java
/// try (var kit = TestKit.of(Counter.class).with(Archive.class, archive).start()) {
///     kit.at("coffee").call(counter -> counter.add(5));
///     kit.crashAfterNextCommit();
///     assertThatThrownBy(() -> kit.at("coffee").call(counter -> counter.add(5))).isInstanceOf(OutcomeUnknown.class);
///     assertThat(kit.at("coffee").call(Counter::total)).isEqualTo(10);
/// }
/// ```
///
/// For one test at a time, and one thread. A method returns when what it began is over, unless the test itself waits
/// for requests that it has begun; what takes longer than half a minute of real time fails with a sentence.
///
/// @param <T> the class, or the first of several
public final class TestKit<T> implements AutoCloseable {
    /// As often as the owner looks for alarms of keys that are not in memory.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final int LOADS_AT_ONCE = 64;

    private final KitClock clock = new KitClock();
    private final Map<Class<?>, Object> given;
    private final Map<Class<?>, KitDomain<?>> domains;
    private final KitDomain<T> first;
    private final KitStore store;
    private volatile KitInstance owner;

    private TestKit(Builder<T> builder) {
        this.given = Map.copyOf(builder.given);
        this.domains = domains(builder.types);
        this.first = domain(builder.first);
        this.store = new KitStore(builder.listeners);
        this.owner = start(1, Map.of());
    }

    /// Of a class that is marked [PerKey].
    public static <T> Builder<T> of(Class<T> type) {
        return new Builder<>(type);
    }

    /// What a kit is made of.
    ///
    /// @param <T> the class
    public static final class Builder<T> {
        private final Class<T> first;
        private final List<Class<?>> types = new ArrayList<>();
        private final Map<Class<?>, Object> given = new HashMap<>();
        private final Map<Class<?>, Consumer<Record>> listeners = new HashMap<>();

        private Builder(Class<T> first) {
            this.first = first;
            types.add(first);
        }

        /// Another class, which is reached by `Keyed` and [TestKit#at(Class, Object)].
        public Builder<T> and(Class<?> another) {
            types.add(another);
            return this;
        }

        /// What is injected where a class wants that type, such as a twin of its archive. All owners have the same one,
        /// as they have the same database; loads ask it on threads of their own.
        public <D> Builder<T> with(Class<D> dependency, D value) {
            given.put(dependency, value);
            return this;
        }

        /// Hears of each committed row of that record, in order: to keep the twin of the archive up to date.
        public <R extends Record> Builder<T> onCommit(Class<R> row, Consumer<? super R> listener) {
            listeners.put(row, each -> listener.accept(row.cast(each)));
            return this;
        }

        /// @throws IllegalArgumentException with what is wrong with a class
        public TestKit<T> start() {
            return new TestKit<>(this);
        }
    }

    private static Map<Class<?>, KitDomain<?>> domains(List<Class<?>> classes) {
        var types = new PerKeyTypes();
        var domains = new HashMap<Class<?>, KitDomain<?>>();
        for (Class<?> each : classes) {
            types.add(each);
            PerKeyTypes.PerKeyType found = types.of(each);
            domains.put(each, new KitDomain<>(each, found.domain(), found.keys(), new RangeId(domains.size() + 1)));
        }
        return domains;
    }

    @SuppressWarnings("unchecked") // that of a class is of its type
    private <D> KitDomain<D> domain(Class<D> type) {
        KitDomain<?> domain = domains.get(type);
        if (domain == null)
            throw new IllegalArgumentException(
                    "the kit does not know " + type.getSimpleName() + ": .and(" + type.getSimpleName() + ".class)");
        return (KitDomain<D>) domain;
    }

    // --- owners

    private KitInstance start(long epoch, Map<String, HandedAlong> handed) {
        var next = new KitInstance(new Epoch(epoch), List.copyOf(domains.values()), store, clock);
        var mailboxes = new HashMap<Class<?>, Keyed<?>>();
        domains.forEach((type, domain) -> mailboxes.put(type, new KitMailboxes<>(next, domain)));
        Map<Class<?>, Offer> offered = offered();
        var container = new ContainerTasks(next.threads(), LOADS_AT_ONCE);
        domains.forEach((type, domain) -> register(next, domain, offered, mailboxes, container));
        owner = next;
        next.takeOver(store, handed);
        return next;
    }

    private static <D> void register(
            KitInstance at,
            KitDomain<D> domain,
            Map<Class<?>, Offer> offered,
            Map<Class<?>, Keyed<?>> mailboxes,
            ContainerTasks container) {
        var injector = new KitInjector<>(domain.type(), offered, mailboxes, at);
        at.dispatcher().register(domain.name(), PerKeyFactory.of(domain.type(), injector, container));
    }

    private Map<Class<?>, Offer> offered() {
        var offered = new HashMap<Class<?>, Offer>();
        offered.put(Writes.class, key -> Turn.writes());
        offered.put(Undo.class, key -> Turn.undo());
        offered.put(Alarms.class, key -> Turn.current().alarms());
        offered.put(Timers.class, key -> Turn.timers());
        offered.put(InstantSource.class, key -> clock);
        offered.put(Once.class, this::once);
        LiveTotals totals = gauge -> CompletableFuture.completedFuture(new LiveTotal(gauge(gauge), true));
        offered.put(LiveTotals.class, key -> totals);
        given.forEach((type, value) -> offered.put(type, key -> value));
        return offered;
    }

    private Once once(Key key) {
        return OnceInTable.load(key, Turn.writes(), Turn.undo(), store.requests(), Json.binding());
    }

    /// Whoever owns everything now; after an accident somebody takes over.
    KitInstance owner() {
        if (owner.isOver()) next(Map.of());
        return owner;
    }

    /// The same where it is known already who that is.
    private KitInstance realOwner() {
        if (owner.isStale()) next(Map.of());
        return owner;
    }

    private void next(Map<String, HandedAlong> handed) {
        owner.end("somebody else is the owner");
        start(owner.epoch().value() + 1, handed);
    }

    KitStore store() {
        return store;
    }

    // --- requests

    /// One key.
    ///
    /// @param key a `UUID`, `Long` or `String`, as the class has it
    public OfKey<T> at(Object key) {
        return new OfKey<>(this, first.key(key), Rank.USUAL);
    }

    /// One key of another class of the kit.
    public <D> OfKey<D> at(Class<D> type, Object key) {
        return new OfKey<>(this, domain(type).key(key), Rank.USUAL);
    }

    /// What is due by now is over, unless the test waits for something that it began.
    void settle() {
        if (!owner.isOver() && !owner.isAsked()) owner.runDue();
        store.complain();
    }

    // --- time

    /// The time that is injected.
    public Instant now() {
        return clock.instant();
    }

    /// Lets time pass: ticks, timers and alarms happen at their time, also those of keys that are not in memory.
    public void passTime(Duration time) {
        Instant end = now().plus(time);
        while (true) {
            realOwner().runDue();
            ringForgotten();
            if (!owner.isOver()) owner.runDue(); // of a key that has been loaded for one alarm there may be others due
            if (owner.isOver()) continue; // the next one finds what is due
            if (!now().isBefore(end)) break;
            clock.passes(step(Duration.between(now(), end)));
        }
        store.complain();
    }

    /// Until something may happen, at most that long.
    private Duration step(Duration most) {
        Duration next = most;
        for (PendingAlarm alarm : store.alarms().all()) {
            Duration left = Duration.between(now(), alarm.due());
            next = shorter(next, left.isPositive() ? left : LOOK); // what could not fire is looked at again
        }
        return shorter(next, owner.agenda().left().orElse(most));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// As the owner does that looks into the table.
    private void ringForgotten() {
        for (Key key : store.alarms().due(now())) if (!owner.isOver()) owner.ring(key);
    }

    // --- accidents

    /// A planned move: what is queued finishes, what `@Drain` returns reaches `@Restore` at the next owner, which loads
    /// what was in memory.
    ///
    /// @throws IllegalStateException if something was not handed along, because `@Drain` threw or it is too much
    public void move() {
        KitInstance leaving = realOwner();
        leaving.rest();
        next(leaving.drain());
        if (leaving.forgot())
            throw new IllegalStateException("what @Drain returns was not handed along; the log says why");
    }

    /// The instance dies: memory is gone, nothing is handed along, no `@PreDestroy` is called. Who waits for an answer
    /// is told [plumb.OutcomeUnknown].
    public void crash() {
        realOwner().die();
        owner();
    }

    /// The instance dies instead of the next commit: its caller is told [plumb.OutcomeUnknown], and nothing is applied.
    public void crashBeforeNextCommit() {
        store.plan(Accident.CRASH_BEFORE, 1);
    }

    /// The instance dies right after the next commit: its caller is told [plumb.OutcomeUnknown], and all is applied.
    public void crashAfterNextCommit() {
        crashAfter(1);
    }

    /// The same after so many commits.
    ///
    /// @param commits of turns that write something, counted from now
    public void crashAfter(int commits) {
        store.plan(Accident.CRASH_AFTER, commits);
    }

    /// Somebody else has become the owner, and this one does not know it yet: the fence refuses what it commits, and it
    /// answers nothing from memory. Who is told [plumb.NotOwner] gets to the new owner when he asks again.
    public void loseLease() {
        KitInstance losing = realOwner();
        losing.loseTrust();
        store.grantNext(losing.epoch());
    }

    /// The database refuses the data of the next commit, as it would for a violated constraint
    /// ([plumb.WriteFailed]).
    public void refuseNextCommit() {
        store.plan(Accident.BAD_DATA, 1);
    }

    /// All idle handlers leave memory, as they do when they are not used for long.
    public void passivate() {
        realOwner().passivate();
    }

    // --- what can be seen

    /// What was committed, turn by turn, in order: the rows of the domain, not those of the engine; turns without such
    /// rows are left out.
    public List<List<Record>> commits() {
        return store.commits();
    }

    /// All rows that were committed, in order.
    public List<Record> rows() {
        return commits().stream().flatMap(List::stream).toList();
    }

    /// Those of one record.
    public <R extends Record> List<R> rows(Class<R> row) {
        return rows().stream().filter(row::isInstance).map(row::cast).toList();
    }

    /// Those of one statement.
    @SuppressWarnings("unchecked") // Writes takes no others with it
    public <R extends Record> List<R> rows(Statement<R> statement) {
        return (List<R>) store.rows(statement);
    }

    /// A live gauge over all keys in memory.
    ///
    /// @throws IllegalArgumentException if no class has such a gauge
    public long gauge(String name) {
        if (!owner.dispatcher().gauges().containsKey(name))
            throw new IllegalArgumentException("there is no @LiveGauge(\"" + name + "\")");
        return owner.dispatcher().live(name).stream().mapToLong(LiveSum::value).sum();
    }

    /// How many keys are in memory.
    public int inMemory() {
        return owner().inMemory();
    }

    /// The epoch that the owner has: it grows with each change of owner.
    public long epoch() {
        return owner().epoch().value();
    }

    @Override
    public void close() {
        owner.end("the test is over");
    }
}
