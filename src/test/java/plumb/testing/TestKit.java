package plumb.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import plumb.Alarms;
import plumb.Deadline;
import plumb.Keyed;
import plumb.Once;
import plumb.PerKey;
import plumb.Timers;
import plumb.Undo;
import plumb.Writes;
import plumb.dispatch.Agenda;
import plumb.dispatch.Clockwork;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.LiveSum;
import plumb.dispatch.Marks;
import plumb.dispatch.PendingAlarm;
import plumb.dispatch.Quarantine;
import plumb.dispatch.QuarantineSettings;
import plumb.dispatch.Rank;
import plumb.dispatch.Turn;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.KeyType;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.runtime.PerKeyFactory;
import plumb.testing.KitStore.Accident;

/// Runs one [PerKey] class on the engine that runs it in production: mailboxes, turns, undo, alarms, moves and epochs
/// are the real ones. What is played: the database (it keeps rows and knows no SQL), the container (fields are injected
/// by type), the network (requests are method calls), and time.
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
/// For one test at a time, and one thread; every method waits until all handlers are at rest.
///
/// @param <T> the class
public final class TestKit<T> implements AutoCloseable {
    private static final RangeId RANGE = new RangeId(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofDays(3650); // nobody leaves unless the test says so

    private final String domain;
    private final KeyType keys;
    private final KitClock clock = new KitClock();
    private final Agenda agenda = new Agenda(clock::nanoTime);
    private final KitAlarms alarms = new KitAlarms();
    private final KitOnce.Table requests = new KitOnce.Table();
    private final AtomicInteger answering = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Class<?>, Consumer<Record>> listeners;
    private final KitStore store;
    private final Dispatcher dispatcher;
    private Tenure tenure = tenure(1);

    private TestKit(Builder<T> builder) {
        PerKey mark = builder.type.getAnnotation(PerKey.class);
        if (mark == null) throw new IllegalArgumentException(builder.type.getName() + " is not marked @PerKey");
        this.domain = mark.domain();
        this.keys = keyType(builder.type);
        this.listeners = Map.copyOf(builder.listeners);
        this.store = new KitStore(tenure, this::committed);
        this.dispatcher = new Dispatcher(
                new DispatchSettings(256, 256, Duration.ofDays(1), IDLE, 1_000_000),
                store,
                () -> !store.isDown(),
                clock::nanoTime,
                Thread.ofVirtual().name("key-", 0).factory(),
                this::answer,
                nobodyIsShutOut(),
                Marks.inVain(),
                new Clockwork(agenda, alarms, clock));
        var injector = new KitInjector<>(builder.type, offered(builder.given)).checked();
        dispatcher.register(domain, PerKeyFactory.of(builder.type, injector, new ContainerTasks(threads, 64)));
        dispatcher.granted(domain, KeyRange.ALL, tenure);
    }

    /// Of a class that is marked [PerKey].
    public static <T> Builder<T> of(Class<T> type) {
        return new Builder<>(type);
    }

    /// What a kit is made of.
    ///
    /// @param <T> the class
    public static final class Builder<T> {
        private final Class<T> type;
        private final Map<Class<?>, Object> given = new HashMap<>();
        private final Map<Class<?>, Consumer<Record>> listeners = new HashMap<>();

        private Builder(Class<T> type) {
            this.type = type;
        }

        /// What is injected where the class wants that type, such as a twin of its archive.
        public <D> Builder<T> with(Class<D> dependency, D value) {
            given.put(dependency, value);
            return this;
        }

        /// Hears of each committed row of that record, in order: to keep the twin of the archive up to date.
        public <R extends Record> Builder<T> onCommit(Class<R> row, Consumer<? super R> listener) {
            listeners.put(row, each -> listener.accept(row.cast(each)));
            return this;
        }

        /// @throws IllegalArgumentException with what is wrong with the class
        public TestKit<T> start() {
            return new TestKit<>(this);
        }
    }

    private static KeyType keyType(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass())
            for (var field : each.getDeclaredFields())
                if (field.isAnnotationPresent(plumb.Key.class)) return KeyType.of(field.getType());
        throw new IllegalArgumentException(type.getName() + " has no field marked @Inject @Key");
    }

    private static Quarantine nobodyIsShutOut() {
        return new Quarantine(
                new QuarantineSettings(Integer.MAX_VALUE, Duration.ofDays(1)),
                each -> true,
                (key, detail) -> {},
                key -> {});
    }

    private Map<Class<?>, Function<Key, Object>> offered(Map<Class<?>, Object> given) {
        var offered = new HashMap<Class<?>, Function<Key, Object>>();
        offered.put(Writes.class, key -> Turn.writes());
        offered.put(Undo.class, key -> Turn.undo());
        offered.put(Alarms.class, key -> Turn.alarms());
        offered.put(Timers.class, key -> Turn.timers());
        offered.put(InstantSource.class, key -> clock);
        offered.put(Once.class, key -> new KitOnce(key, requests.of(key)));
        offered.put(Keyed.class, key -> new Mailboxes());
        given.forEach((type, value) -> offered.put(type, key -> value));
        return offered;
    }

    private void committed(Record row) {
        switch (row) {
            case KitAlarms.Row alarm -> alarms.committed(alarm);
            case KitOnce.Row request -> requests.committed(request);
            default -> listeners.getOrDefault(row.getClass(), each -> {}).accept(row);
        }
    }

    private void answer(Runnable reply) {
        answering.incrementAndGet();
        threads.execute(() -> {
            try {
                reply.run();
            } finally {
                answering.decrementAndGet();
            }
        });
    }

    private static Tenure tenure(long epoch) {
        return new Tenure(RANGE, new Epoch(epoch), new Incarnation(new UUID(0, epoch)));
    }

    // --- requests

    /// One key.
    ///
    /// @param key a `UUID`, `Long` or `String`, as the class has it
    public OfKey at(Object key) {
        return new OfKey(Key.of(domain, keys, key.toString()), Rank.USUAL);
    }

    /// One key's handler.
    public final class OfKey {
        private final Key key;
        private final Rank rank;

        private OfKey(Key key, Rank rank) {
            this.key = key;
            this.rank = rank;
        }

        /// The same for requests that pass all others.
        public OfKey urgent() {
            return new OfKey(key, Rank.URGENT);
        }

        /// Sends a request and waits for its answer, which leaves after its commit.
        ///
        /// @throws RuntimeException what the request threw, or what its caller would be told
        public <R extends @Nullable Object> R call(Function<? super T, ? extends R> request) {
            CompletableFuture<R> answer = begin(request);
            rest();
            try {
                return answer.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) throw cause;
                if (e.getCause() instanceof Error cause) throw cause;
                throw e;
            }
        }

        /// The same for a request that changes something and answers nothing.
        public void run(Consumer<? super T> request) {
            call(state -> {
                request.accept(state);
                return key;
            });
        }

        /// Sends a request without waiting, so that several share a turn.
        public <R extends @Nullable Object> CompletableFuture<R> begin(Function<? super T, ? extends R> request) {
            revive();
            return dispatcher.call(key, rank, Deadline.in(DEADLINE, clock.nanoTime()), request);
        }

        /// When that alarm of the key will fire; empty: it is not set.
        public Optional<Instant> alarm(String name, Object argument) {
            return pending(name, argument).map(PendingAlarm::due);
        }

        /// The same for an alarm without an argument.
        public Optional<Instant> alarm(String name) {
            return pending(name, "").map(PendingAlarm::due);
        }

        /// Lets an alarm fire now, whenever it is due.
        ///
        /// @throws IllegalStateException if it is not set
        public void fire(String name, Object argument) {
            if (alarm(name, argument).isEmpty())
                throw new IllegalStateException("the alarm \"" + name + "\" of " + key + " is not set for " + argument);
            run(state -> Turn.alarms().set(name, argument, KitClock.BEGIN.minusSeconds(1)));
            ringDue();
        }

        /// The same for an alarm without an argument.
        public void fire(String name) {
            if (alarm(name).isEmpty())
                throw new IllegalStateException("the alarm \"" + name + "\" of " + key + " is not set");
            run(state -> Turn.alarms().set(name, KitClock.BEGIN.minusSeconds(1)));
            ringDue();
        }

        private void ringDue() {
            agenda.runDue();
            rest();
        }

        private Optional<PendingAlarm> pending(String name, Object argument) {
            return alarms.of(key).stream()
                    .filter(each -> each.name().equals(name) && each.argument().equals(argument.toString()))
                    .findFirst();
        }
    }

    private final class Mailboxes implements Keyed<T> {
        @Override
        public At<T> at(Object key) {
            return new Mailbox(Key.of(domain, keys, key.toString()), Rank.USUAL);
        }

        @Override
        public UUID freshKey() {
            return UUID.randomUUID();
        }
    }

    private final class Mailbox implements Keyed.At<T> {
        private final Key key;
        private final Rank rank;

        Mailbox(Key key, Rank rank) {
            this.key = key;
            this.rank = rank;
        }

        @Override
        public <R> CompletionStage<R> call(Function<? super T, ? extends R> request) {
            return call(Deadline.in(DEADLINE, clock.nanoTime()), request);
        }

        @Override
        public Keyed.At<T> urgent() {
            return new Mailbox(key, Rank.URGENT);
        }

        @Override
        public <R> CompletionStage<R> call(Deadline deadline, Function<? super T, ? extends R> request) {
            return dispatcher.call(key, rank, deadline, request);
        }
    }

    // --- time

    /// The time that is injected.
    public Instant now() {
        return clock.instant();
    }

    /// Lets time pass: ticks, timers and alarms happen at their time, also those of keys that are not in memory.
    public void passTime(Duration time) {
        revive();
        Duration left = time;
        while (true) {
            Duration step = earliest(left);
            clock.passes(step);
            left = left.minus(step);
            agenda.runDue();
            rest();
            ringForgotten();
            if (left.isZero()) return;
        }
    }

    /// Until something happens, at most that long.
    private Duration earliest(Duration most) {
        Duration next = most;
        for (Key key : alarms.keys())
            for (PendingAlarm alarm : alarms.of(key)) next = shorter(next, Duration.between(now(), alarm.due()));
        next = shorter(next, agenda.left().orElse(most));
        return next.isNegative() ? Duration.ZERO : next;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// As the owner does that looks into the table.
    private void ringForgotten() {
        for (Key key : alarms.keys())
            if (alarms.of(key).stream().anyMatch(alarm -> !alarm.due().isAfter(now()))) {
                dispatcher.ring(key, now(), Deadline.in(DEADLINE, clock.nanoTime()));
                rest();
            }
    }

    // --- accidents

    /// A planned move: what is queued finishes, what `@Drain` returns reaches `@Restore` at the next owner.
    public void move() {
        revive();
        CompletableFuture<HandedAlong> drained = dispatcher.drain(RANGE);
        rest();
        HandedAlong handed = drained.join();
        dispatcher.halt(RANGE, "moved");
        next(handed);
    }

    /// The instance dies: memory is gone, nothing is handed along.
    public void crash() {
        dispatcher.halt(RANGE, "crashed");
        rest();
        next(HandedAlong.NOTHING);
    }

    /// The instance dies instead of the next commit: its caller is told [plumb.OutcomeUnknown], and nothing is applied.
    public void crashBeforeNextCommit() {
        store.next(Accident.CRASH_BEFORE);
    }

    /// The instance dies right after the next commit: its caller is told [plumb.OutcomeUnknown], and all is applied.
    public void crashAfterNextCommit() {
        store.next(Accident.CRASH_AFTER);
    }

    /// Somebody else has become the owner: the fence refuses the next commit, its caller is told [plumb.NotOwner].
    public void loseLease() {
        store.next(Accident.LEASE_LOST);
    }

    /// The database refuses the data of the next commit, as it would for a violated constraint
    /// ([plumb.WriteFailed]).
    public void refuseNextCommit() {
        store.next(Accident.BAD_DATA);
    }

    /// All idle handlers leave memory, as they do when they are not used for long.
    public void passivate() {
        dispatcher.shed(1);
        rest(() -> inMemory() == 0);
    }

    private void next(HandedAlong handed) {
        tenure = tenure(tenure.epoch().value() + 1);
        store.holds(tenure);
        dispatcher.granted(domain, KeyRange.ALL, tenure, CompletableFuture.completedFuture(handed));
    }

    /// After an accident somebody takes over.
    private void revive() {
        if (!store.isDown()) return;
        dispatcher.halt(RANGE, "crashed");
        rest();
        next(HandedAlong.NOTHING);
    }

    // --- what can be seen

    /// All rows that were committed, in order; not those of the engine.
    public List<Record> rows() {
        return store.rows().stream()
                .filter(row -> !(row instanceof KitAlarms.Row || row instanceof KitOnce.Row))
                .toList();
    }

    /// Those of one record.
    public <R extends Record> List<R> rows(Class<R> row) {
        var rows = new ArrayList<R>();
        for (Record each : rows()) if (row.isInstance(each)) rows.add(row.cast(each));
        return rows;
    }

    /// A live gauge over all keys in memory.
    ///
    /// @throws IllegalArgumentException if the class has no such gauge
    public long gauge(String name) {
        if (!dispatcher.gauges().containsKey(name))
            throw new IllegalArgumentException("there is no @LiveGauge(\"" + name + "\")");
        return dispatcher.live(name).stream().mapToLong(LiveSum::value).sum();
    }

    /// How many keys are in memory.
    public int inMemory() {
        return dispatcher.stats().handlers();
    }

    /// The epoch that the owner has: it grows with each change of owner.
    public long epoch() {
        return tenure.epoch().value();
    }

    /// Waits until nobody works, is about to answer, or has something to run.
    private void rest() {
        rest(() -> true);
    }

    private void rest(BooleanSupplier also) {
        long begun = System.nanoTime();
        while (!(isAtRest() && isAtRest() && also.getAsBoolean())) {
            if (System.nanoTime() - begun > PATIENCE.toNanos())
                throw new IllegalStateException("a handler does not come to rest; does it wait for something?");
            LockSupport.parkNanos(50_000);
        }
    }

    private boolean isAtRest() {
        return answering.get() == 0
                && dispatcher.stats().inside() == 0
                && dispatcher.stats().longestWork(clock.nanoTime() + 1).isZero();
    }

    @Override
    public void close() {
        dispatcher.halt(RANGE, "the test is over");
        threads.close();
    }
}
