package plumb.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import plumb.Deadline;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.commit.CommitLane;
import plumb.commit.CommitResult.Outcome;
import plumb.commit.LaneSettings;
import plumb.dispatch.Agenda;
import plumb.dispatch.Clockwork;
import plumb.dispatch.DispatchSettings;
import plumb.dispatch.DispatchStats.Event;
import plumb.dispatch.Dispatcher;
import plumb.dispatch.Marks;
import plumb.dispatch.Quarantine;
import plumb.dispatch.QuarantineSettings;
import plumb.dispatch.Rank;
import plumb.dispatch.Turn;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;

/// One life of the owner: everything that is gone when it dies. It owns all keys until then; the next one is another
/// object, so that nothing gets there except by way of the database or of what is handed along.
final class KitInstance {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofDays(3650); // nobody leaves unless the test says so
    private static final DispatchSettings SETTINGS =
            new DispatchSettings(256, 256, Duration.ofDays(1), IDLE, 1_000_000);
    private static final LaneSettings ONE_EACH = new LaneSettings(1, 65_536, 1, Duration.ZERO);
    private static final int MOST_ROUNDS = 10_000;

    private final Epoch epoch;
    private final List<KitDomain<?>> domains;
    private final KitClock clock;
    private final Agenda agenda;
    private final CommitLane lane;
    private final Dispatcher dispatcher;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger answering = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final CompletableFuture<OutcomeUnknown> death = new CompletableFuture<>();
    private volatile boolean trusted = true;
    private volatile boolean toldSo;

    /// Owns nothing yet.
    KitInstance(Epoch epoch, List<KitDomain<?>> domains, KitStore store, KitClock clock) {
        this.epoch = epoch;
        this.domains = domains;
        this.clock = clock;
        this.agenda = new Agenda(clock::nanoTime);
        this.lane = new CommitLane(
                store,
                (tenures, xid) -> Outcome.UNKNOWN,
                ONE_EACH,
                Thread.ofVirtual().name("lane").factory(),
                this::answer,
                clock::nanoTime);
        this.dispatcher = new Dispatcher(
                SETTINGS,
                lane,
                () -> trusted,
                clock::nanoTime,
                Thread.ofVirtual().name("key-", 0).factory(),
                this::answer,
                nobodyIsShutOut(),
                Marks.inVain(),
                new Clockwork(agenda, store.alarms(), clock));
    }

    private static Quarantine nobodyIsShutOut() {
        return new Quarantine(
                new QuarantineSettings(Integer.MAX_VALUE, Duration.ofDays(1)),
                each -> true,
                (key, detail) -> {},
                key -> {});
    }

    private Incarnation incarnation() {
        return new Incarnation(new UUID(0, epoch.value()));
    }

    /// Owns everything, and loads what was live at its predecessor.
    ///
    /// @param handed by domain
    void takeOver(KitStore store, Map<String, HandedAlong> handed) {
        store.grant(epoch, incarnation(), this::die);
        lane.start();
        for (KitDomain<?> each : domains) {
            HandedAlong along = handed.getOrDefault(each.name(), HandedAlong.NOTHING);
            dispatcher.granted(
                    each.name(),
                    KeyRange.ALL,
                    each.tenure(epoch, incarnation()),
                    CompletableFuture.completedFuture(along));
            for (String key : along.live())
                await(dispatcher.warm(new Key(each.name(), key), deadline()), () -> "the load of " + key);
        }
    }

    Epoch epoch() {
        return epoch;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Agenda agenda() {
        return agenda;
    }

    ExecutorService threads() {
        return threads;
    }

    private Deadline deadline() {
        return Deadline.in(DEADLINE, clock.nanoTime());
    }

    /// That of the request which the calling thread works on, or the usual one.
    Deadline currentDeadline() {
        Deadline ofTurn = Turn.isBound() ? Turn.current().deadline() : null;
        return ofTurn == null ? deadline() : ofTurn;
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

    /// A request from outside. Whoever waits when the instance dies does not learn what became of it.
    <T, R> CompletableFuture<R> begin(Key key, Rank rank, Function<? super T, ? extends R> request) {
        var told = new CompletableFuture<R>();
        underWay.incrementAndGet();
        death.thenAccept(told::completeExceptionally);
        dispatcher.<T, R>call(key, rank, deadline(), request).whenComplete((value, failure) -> {
            if (failure instanceof NotOwner && !trusted) toldSo = true;
            underWay.decrementAndGet(); // before anybody looks who has the answer
            if (failure == null) told.complete(value);
            else told.completeExceptionally(failure);
        });
        return told;
    }

    /// An alarm may be due of a key that is not in memory.
    void ring(Key key) {
        dispatcher.ring(key, clock.instant(), deadline());
        rest();
    }

    // --- its end

    /// At once; nobody of it says another word.
    void die() {
        trusted = false;
        death.complete(new OutcomeUnknown("the instance died, and with it the connection to it"));
    }

    boolean isDead() {
        return death.isDone();
    }

    /// Somebody else owns everything, and it has not heard of it yet.
    void loseTrust() {
        trusted = false;
    }

    boolean isStale() {
        return !trusted;
    }

    /// Whoever asks again gets to another owner.
    boolean isOver() {
        return isDead() || toldSo;
    }

    /// A planned move: finishes, and hands along what only memory knows.
    ///
    /// @return by domain
    Map<String, HandedAlong> drain() {
        var handed = new HashMap<String, HandedAlong>();
        for (KitDomain<?> each : domains)
            handed.put(each.name(), await(dispatcher.drain(each.range()), () -> "the drain of " + each.name()));
        return handed;
    }

    /// Whether something was not handed along that should have been.
    boolean forgot() {
        return dispatcher.stats().count(Event.KEEP_FAILED) > 0;
    }

    /// Nothing of it goes on.
    void end(String cause) {
        for (KitDomain<?> each : domains) dispatcher.halt(each.range(), cause);
        if (!isDead()) rest(() -> inMemory() == 0);
        lane.close();
        threads.shutdown();
    }

    // --- rest

    int inMemory() {
        return dispatcher.stats().handlers();
    }

    /// Everybody idle leaves.
    void passivate() {
        rest(() -> {
            dispatcher.shed(1); // again, because who has just answered may not be idle yet
            return inMemory() == 0;
        });
    }

    /// Whether the test waits for a request that it began.
    boolean isAsked() {
        return underWay.get() > 0;
    }

    /// Runs what is due now, and what is due because of it.
    void runDue() {
        for (int rounds = 0; rounds < MOST_ROUNDS; rounds++) {
            rest();
            if (agenda.runDue() == 0) return;
        }
        throw new IllegalStateException("timers that are due at once set others, for ever");
    }

    /// Waits until nobody works, is about to answer, or has something to run.
    void rest() {
        rest(() -> true);
    }

    /// Nobody signals that he has gone to rest.
    private void rest(BooleanSupplier also) {
        long begun = System.nanoTime();
        while (!(isAtRest() && also.getAsBoolean()) && !isDead()) {
            if (System.nanoTime() - begun > PATIENCE.toNanos())
                throw new IllegalStateException("a handler does not come to rest; does it wait for something?");
            LockSupport.parkNanos(50_000);
        }
    }

    /// Work goes from one to the other while one looks: who looks twice, and finds that nothing came in between, has
    /// seen all of them.
    private boolean isAtRest() {
        long accepted = dispatcher.stats().count(Event.ACCEPTED);
        return nobodyWorks() && nobodyWorks() && dispatcher.stats().count(Event.ACCEPTED) == accepted;
    }

    private boolean nobodyWorks() {
        return dispatcher.stats().longestWork(clock.nanoTime() + 1).isZero()
                && dispatcher.stats().inside() == 0
                && answering.get() == 0;
    }

    /// @param what is waited for
    static <R> R await(CompletableFuture<R> future, Supplier<String> what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(what.get() + " does not end; does a handler wait for something?", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(what.get() + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }
}
