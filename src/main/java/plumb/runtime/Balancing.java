package plumb.runtime;

import static java.util.stream.Collectors.toMap;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import org.jspecify.annotations.Nullable;
import plumb.balance.BalanceStats;
import plumb.balance.Budget;
import plumb.balance.Outlook;
import plumb.balance.Plan;
import plumb.balance.Planner;
import plumb.balance.Seen;
import plumb.balance.Snapshot;
import plumb.balance.Step;
import plumb.dispatch.RangeLoad;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;
import plumb.ownership.Decision;
import plumb.ownership.InstanceRow;
import plumb.ownership.LeaseTable;
import plumb.ownership.RangeRow;
import plumb.ownership.Wish;
import plumb.postgres.BalanceRounds;
import plumb.postgres.RangeLoads;

/// Says what this instance's ranges cost, and now and then, whichever instance gets the lock, plans for all of them.
///
/// What is planned becomes wishes in the ranges' rows: the owners carry them out, and the database refuses what cannot
/// be. So a round that runs twice, or by a planner gone mad, makes changes that nobody needs, and nothing worse. A
/// thread of its own, because it waits for the database.
final class Balancing implements Outlook, AutoCloseable {
    private static final Logger LOG = System.getLogger(Balancing.class.getName());
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration PUBLISHING = Duration.ofSeconds(5);
    /// What was not measured anew for as long says nothing about now.
    private static final double FRESH_SECONDS = 30;

    private final String instance;
    private final LockingTaskExecutor locks;
    private final LeaseTable table;
    private final Supplier<Optional<Incarnation>> me;
    private final Supplier<List<InstanceRow>> living;
    private final Supplier<List<RangeLoad>> costs;
    private final RangeLoads loads;
    private final BalanceRounds rounds;
    private final Planner planner;
    private final BalanceSettings settings;
    private final ScheduledExecutorService thread;
    private Set<Incarnation> members = Set.of(); // of the thread
    private volatile boolean balances;
    private volatile BalanceStats stats = BalanceStats.NOTHING;

    Balancing(
            String instance,
            LockingTaskExecutor locks,
            LeaseTable table,
            Supplier<Optional<Incarnation>> me,
            Supplier<List<InstanceRow>> living,
            Supplier<List<RangeLoad>> costs,
            RangeLoads loads,
            BalanceRounds rounds,
            Planner planner,
            BalanceSettings settings,
            Threads threads) {
        this.instance = instance;
        this.locks = locks;
        this.table = table;
        this.me = me;
        this.living = living;
        this.costs = costs;
        this.loads = loads;
        this.rounds = rounds;
        this.planner = planner;
        this.settings = settings;
        this.thread = Executors.newSingleThreadScheduledExecutor(threads.platform("plumb-balance"));
    }

    /// @param balances false: this instance only says what its ranges cost
    void start(boolean balances) {
        this.balances = balances;
        long period = PUBLISHING.toMillis();
        thread.scheduleWithFixedDelay(() -> orLater(this::publish), period, period, TimeUnit.MILLISECONDS);
        if (!balances) return;
        long look = Math.min(1_000, settings.every().toMillis());
        thread.scheduleWithFixedDelay(() -> orLater(this::roundIfItIsTime), look, look, TimeUnit.MILLISECONDS);
    }

    private static void orLater(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) { // the thread must outlive a database that is away
            LOG.log(Level.WARNING, () -> "Balancing is put off: " + e.getMessage());
        }
    }

    @Override
    public BalanceStats stats() {
        return stats;
    }

    void publish() {
        List<RangeLoads.Measured> measured =
                costs.get().stream().map(Balancing::measured).toList();
        me.get().ifPresent(self -> loads.publish(self, measured));
    }

    private static RangeLoads.Measured measured(RangeLoad load) {
        return new RangeLoads.Measured(
                load.tenure(),
                load.load(),
                load.waiting(),
                load.requests(),
                load.hot().stream()
                        .map(hot -> new RangeLoads.HotKey(hot.key().text(), hot.share()))
                        .toList());
    }

    /// A round when it is time; at once when somebody has come or gone: a newcomer should not wait for its part.
    private void roundIfItIsTime() {
        Set<Incarnation> now = new HashSet<>();
        living.get().forEach(row -> now.add(row.incarnation()));
        boolean changed = !now.equals(members);
        members = now;
        Duration pause =
                changed ? Duration.ZERO : settings.every().multipliedBy(9).dividedBy(10);
        locks.executeWithLock((Runnable) this::round, new LockConfiguration(Instant.now(), "balance", LONGEST, pause));
    }

    @Override
    public Plan plan(Snapshot snapshot) {
        return planner.plan(snapshot);
    }

    /// Blocks for the database.
    void round() {
        Seen seen = look(rounds.start(settings.warm()));
        Plan plan = seen.held() == null ? planner.plan(seen.snapshot()) : new Plan(List.of(), 1, 1);
        Budget.Allowed allowed = settings.budget().of(plan, seen.snapshot(), seen.spent());
        int done = 0;
        for (Step step : allowed.steps()) if (wish(step)) done++;
        String note = seen.held() != null ? seen.held() : allowed.all() ? "" : "the budget does not allow more now";
        if (done > 0) rounds.keep(instance, plan, allowed.cost(), note, RecordedSnapshot.write(seen.snapshot()));
        loads.forget();
        stats = stats.after(plan, allowed.steps().size(), done, note);
    }

    @Override
    public boolean balances() {
        return balances;
    }

    /// What a round would see now. Blocks for the database.
    @Override
    public Seen look() {
        return look(rounds.start(settings.warm()));
    }

    private Seen look(BalanceRounds.Start start) {
        Map<RangeId, RangeLoads.Known> known =
                loads.read().stream().collect(toMap(RangeLoads.Known::range, load -> load));
        Set<Incarnation> takers = new HashSet<>();
        start.members().forEach(member -> takers.add(member.id()));
        List<Snapshot.Part> parts = table.rangesSince(0).ranges().stream()
                .map(row -> part(row, known.get(row.range()), takers, known.isEmpty()))
                .toList();
        return new Seen(new Snapshot(start.members(), parts), start.spent(), held(start, known));
    }

    private @Nullable String held(BalanceRounds.Start start, Map<RangeId, RangeLoads.Known> known) {
        Optional<Decision> paused = rounds.paused();
        if (paused.isPresent())
            return "paused " + paused.get().by() + ": " + paused.get().reason();
        if (start.rollingOut()) return "a new version is rolled out; only drains move ranges meanwhile";
        boolean blind = known.values().stream().noneMatch(load -> load.ageSeconds() < FRESH_SECONDS);
        return blind && !known.isEmpty() ? "nothing has been measured lately" : null;
    }

    /// What another epoch's owner measured is better than nothing, until this one's says more; of a range that was
    /// never measured nobody knows what to do with it, unless all of them are new: then they weigh the same.
    private static Snapshot.Part part(
            RangeRow row, RangeLoads.@Nullable Known load, Set<Incarnation> takers, boolean allNew) {
        boolean measured = load != null && load.epoch() == row.epoch().value() && load.ageSeconds() < FRESH_SECONDS;
        return new Snapshot.Part(
                row.range(),
                row.domain(),
                row.keys(),
                row.epoch(),
                row.owner() != null && takers.contains(row.owner()) ? row.owner() : null,
                row.pinned(),
                row.isWished() || !(measured || allNew),
                load == null ? 0 : load.load(),
                load == null
                        ? List.of()
                        : load.hot().stream()
                                .map(hot -> new Snapshot.Hot(Slot.of(hot.key()), hot.share()))
                                .filter(hot -> row.keys().contains(hot.slot()))
                                .toList());
    }

    private boolean wish(Step step) {
        Wish wish = switch (step) {
            case Step.Move move -> new Wish.Move(move.to());
            case Step.Split split -> new Wish.Split(split.at());
            case Step.Merge merge -> new Wish.Merge();
        };
        boolean done =
                table.wish(step.range(), step.epoch(), wish, new Decision("balance on " + instance, step.reason()));
        LOG.log(
                Level.INFO,
                () -> (done ? "Wished" : "Refused") + " by balance: range " + step.range() + " epoch " + step.epoch()
                        + ", " + wish + ": " + step.reason());
        return done;
    }

    @Override
    public void close() {
        Threads.end(thread);
    }
}
