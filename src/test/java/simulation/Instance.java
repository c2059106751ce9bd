package simulation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.OutcomeUnknown;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.Heartbeat;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTableException;
import plumb.ownership.Steps;
import plumb.postgres.TransactionStatus.State;

/// One process, with a clock, a way to the database and troubles of its own.
final class Instance {
    private static final long ROUND = Parts.TIMES.renew().toNanos() / 2;
    private static final long BUSY = Duration.ofSeconds(2).toNanos();
    private static final long LONG = Duration.ofSeconds(15).toNanos();
    private static final long SWEEP = Duration.ofSeconds(2).toNanos();
    private static final long RESET = Duration.ofMillis(50).toNanos();
    private static final long WRAPS_AFTER = Duration.ofSeconds(20).toNanos();

    final String name;
    final Link link;
    final Store store;
    final Heartbeat session;
    final Parts parts;

    private final World world;
    private final Host host;
    private final double drift;
    private final boolean glances;
    private final Steps steps;
    private Scheduler.@Nullable Pause keeping;
    private Scheduler.@Nullable Pause renewing;
    private boolean busy;
    private boolean crashed;
    private boolean leaving;
    private boolean gone;

    Instance(World world, String name) {
        this.world = world;
        this.name = name;
        this.host = new Host(world.scheduler);
        this.drift = (world.luck.nextDouble() - 0.5) / 100;
        this.glances = world.luck.nextInt(4) == 0; // the others are slow, and see only in whole rounds
        this.link = new Link(world, name);
        this.store = new Store(world, link);
        this.session = world.database.leases.heartbeat();
        this.parts = new Parts(world, this, host);
        this.steps = new Steps(parts.keeper);
    }

    void start() {
        parts.start();
        parts.routes.onChange(table -> wake());
        host.start(this::keep);
        host.start(this::renew);
        if (world.confirmsDeaths()) host.start(this::look);
        sweepLater();
    }

    // What its own threads do.

    private void keep() {
        while (!gone) {
            long delay = steps.tick();
            if (delay < 0) leave();
            keeping = new Scheduler.Pause();
            world.scheduler.sleep(glances ? Math.max(delay, 0) : ROUND, keeping);
        }
    }

    private void renew() {
        while (!gone) {
            boolean before = parts.trust.holds();
            long delay = steps.renew();
            world.renewed(this);
            world.exclusivity.check();
            if (!before && parts.trust.holds()) wake();
            renewing = new Scheduler.Pause();
            world.scheduler.sleep(delay, renewing);
        }
    }

    private void look() {
        while (!gone) world.scheduler.sleep(Steps.look(parts.confirmation));
    }

    private void sweepLater() {
        world.scheduler.after(world.luck.nextLong(SWEEP), () -> host.execute(this::sweep));
    }

    private void sweep() {
        if (gone) return;
        parts.dispatcher.sweep();
        parts.probe.sendInTime();
        sweepLater();
    }

    /// Its memory is short.
    void shed() {
        host.execute(() -> parts.dispatcher.shed(0.5));
    }

    /// The keeper's signal.
    void wake() {
        parts.keeper.signal();
        if (keeping != null) keeping.end();
    }

    void ownershipChanged(String what) {
        world.tell(() -> name + " " + what);
        wake();
        if (renewing != null && !parts.trust.holds()) renewing.end();
        world.exclusivity.check();
    }

    /// Here something may happen that hurts: another thread comes first, this one blocks, or the process stands still.
    void hiccup() {
        if (busy) world.scheduler.sleep(world.luck.nextLong(BUSY));
        if (world.luck.nextInt(4) > 0) return;
        int luck = world.isCalm() ? 2 : world.luck.nextInt(40);
        if (luck == 0) pause(world.luck.nextLong(LONG));
        if (luck == 1) world.scheduler.sleep(world.luck.nextLong(LONG));
        else Thread.yield();
    }

    /// On a clock that is nobody else's, and wraps.
    long nanoTime() {
        long now = world.scheduler.nowNanos();
        return Long.MAX_VALUE - WRAPS_AFTER + now + Math.round(now * drift);
    }

    /// What the database says of a transaction.
    State status(String xid) {
        return link.call("status", () -> world.database.status(xid));
    }

    // What others see of it.

    /// Whether anybody listens at its address.
    boolean isUp() {
        return !crashed && !gone;
    }

    boolean answers() {
        return isUp() && !host.isStill();
    }

    /// Up, and not about to leave.
    boolean isStaying() {
        return isUp() && !leaving;
    }

    Optional<Incarnation> incarnation() {
        return parts.keeper.incarnation();
    }

    /// Its tenure of that range now, if it has one.
    Optional<Tenure> tenure(RangeId range) {
        return parts.keeper.leases().stream()
                .filter(lease -> lease.range().equals(range))
                .map(Lease::tenure)
                .findFirst();
    }

    /// What it answers from memory.
    List<Lease> serving() {
        return !crashed && parts.trust.holds() ? parts.ownership.serving() : List.of();
    }

    /// A thread of its own for a task that came from outside.
    void run(Runnable task) {
        host.start(task);
    }

    /// Into the mailbox of its book. What comes out of it must be right, whether anybody still waits for it or not.
    CompletableFuture<Answer.Done> call(Request request) {
        Request attempt = request.attempt(world.newAttempt());
        History.Before before = world.history.sending(attempt);
        Deadline deadline = Deadline.in(Parts.DEADLINE, nanoTime());
        CompletableFuture<Answer.Done> reply = parts.dispatcher.call(request.key(), deadline, (Book book) -> {
            hiccup();
            Answer.Done done = book.run(attempt);
            hiccup();
            return done;
        });
        return reply.whenComplete((done, failure) -> {
            world.tell(() -> name + " answers " + attempt + " " + done + " " + failure);
            if (failure == null) world.history.done(attempt, before, done);
            else if (!(failure instanceof OutcomeUnknown)) world.history.notApplied(attempt);
        });
    }

    // What happens to it.

    /// The database says that something has changed.
    void notified(long version) {
        if (isUp() && !link.isAway() && !link.isUnlucky()) host.execute(() -> parts.routing.refreshAtLeast(version));
    }

    /// The whole process stands still.
    void pause(long nanos) {
        world.count("instances that stood still");
        world.tell(() -> name + " stands still for " + Duration.ofNanos(nanos));
        host.standStill();
        world.scheduler.after(nanos, () -> {
            if (!crashed) host.goOn();
        });
    }

    /// Its turns and loads take long.
    void beBusy(boolean now) {
        busy = now;
    }

    void crash() {
        world.tell(() -> name + " crashes");
        world.count("instances that crashed");
        crashed = true;
        host.standStill();
        world.scheduler.after(world.luck.nextLong(RESET), session::close);
    }

    /// As after a transaction without an answer: its tenure of that range ends, and begins anew.
    void reclaim(RangeId range) {
        tenure(range)
                .ifPresent(tenure -> host.start(() -> {
                    try {
                        parts.keeper.reclaim(Set.of(tenure));
                    } catch (LeaseTableException e) {
                        world.tell(() -> name + " cannot reclaim " + tenure);
                    }
                }));
    }

    void beginToLeave() {
        leaving = true;
        steps.beginToLeave();
        wake();
    }

    private void leave() {
        gone = true;
        world.count("instances that left");
        parts.stop();
        session.close();
    }

    /// All troubles are over.
    void heal() {
        link.heal();
        store.heal();
        busy = false;
        parts.keeper.undrain();
        if (!crashed) host.goOn();
    }

    /// At the very end: nothing reaches anybody, all threads only have to end.
    void end() {
        gone = true;
        link.end();
        host.goOn();
        wake();
        host.start(parts::stop);
    }

    @Override
    public String toString() {
        return name;
    }
}
