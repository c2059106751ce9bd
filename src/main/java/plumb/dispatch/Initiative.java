package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Handler;
import plumb.Overloaded;
import plumb.Refusal;
import plumb.Timers;

/// What one handler does by itself as long as its state is in memory: ticks and timers. All of it goes through the
/// mailbox like everybody's requests. Of one state; used by the key's thread, except where said.
final class Initiative<T> implements Timers {
    private static final Logger LOG = System.getLogger(Initiative.class.getName());

    /// How long something of its own may wait in the mailbox.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MOST_TIMERS = 1_000;

    private final HandlerLoop<T> loop;
    private final Core core;
    private final Handler<T> handler;
    private final T state;
    private final Set<Agenda.Entry> timers = new HashSet<>(); // guarded by itself
    private final Agenda.@Nullable Entry[] ticks; // guarded by timers
    private volatile boolean over;

    Initiative(HandlerLoop<T> loop, Core core, Handler<T> handler, T state, List<Duration> periods) {
        this.loop = loop;
        this.core = core;
        this.handler = handler;
        this.state = state;
        this.ticks = new Agenda.@Nullable Entry[periods.size()];
        for (int which = 0; which < ticks.length; which++) tickIn(periods.get(which), which);
    }

    /// The state is dropped: nothing of it happens any more.
    void end() {
        synchronized (timers) {
            over = true;
            timers.forEach(Agenda.Entry::cancel);
            timers.clear();
            for (Agenda.Entry tick : ticks) if (tick != null) tick.cancel();
        }
    }

    private long in(Duration pause) {
        return loop.nowNanos() + pause.toNanos();
    }

    /// Puts something into the mailbox that runs while this state is in memory, or not at all. Any thread.
    private Call<?> offer(Runnable action) {
        var envelope = new Envelope<T, Object>(Rank.TICK, Deadline.in(PATIENCE, loop.nowNanos()), now -> {
            if (!over) action.run();
            return this;
        });
        if (over || !loop.offerOwn(envelope))
            envelope.reply().completeExceptionally(new Overloaded(Overloaded.Scope.KEY, "no room for a tick"));
        return envelope.reply();
    }

    /// Any thread.
    private void tickIn(Duration period, int which) {
        synchronized (timers) {
            if (!over) ticks[which] = core.clockwork().agenda().at(in(period), () -> tick(period, which));
        }
    }

    private void tick(Duration period, int which) {
        offer(() -> Undeclared.run(() -> handler.tick(state, which))).whenComplete((done, failure) -> {
            if (failure != null) complain("a tick", failure);
            tickIn(period, which);
        });
    }

    @Override
    public Timer after(Duration pause, Runnable action) {
        synchronized (timers) {
            if (timers.size() >= MOST_TIMERS)
                throw new Overloaded(Overloaded.Scope.KEY, loop.key() + " has " + MOST_TIMERS + " timers already");
            var timer = new OwnTimer(action);
            timer.begin(pause);
            return timer;
        }
    }

    private final class OwnTimer implements Timer {
        private final Runnable action;
        private Agenda.@Nullable Entry entry; // guarded by timers
        private boolean cancelled; // the key's thread alone

        OwnTimer(Runnable action) {
            this.action = action;
        }

        void begin(Duration pause) {
            Agenda.Entry begun = core.clockwork().agenda().at(in(pause), this::ring);
            entry = begun;
            timers.add(begun);
        }

        private void ring() {
            forget();
            offer(() -> {
                        if (!cancelled) action.run();
                    })
                    .whenComplete((done, failure) -> {
                        if (failure != null) complain("a timer", failure);
                    });
        }

        @Override
        public void cancel() {
            cancelled = true;
            forget();
        }

        private void forget() {
            synchronized (timers) {
                Agenda.Entry begun = entry;
                if (begun == null) return;
                begun.cancel();
                timers.remove(begun);
            }
        }
    }

    private void complain(String what, Throwable failure) {
        if (!over && !(failure instanceof Refusal))
            LOG.log(Level.WARNING, () -> what + " of " + loop.key() + " failed", failure);
    }
}
