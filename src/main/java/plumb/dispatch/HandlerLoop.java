package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.Key;
import plumb.keyspace.Tenure;

/// The one thread of one key: takes what waits, loads the state if there is none, runs turns, until it is idle, drained
/// or halted.
final class HandlerLoop<T> implements Runnable {
    private static final Logger LOG = System.getLogger(HandlerLoop.class.getName());

    private final Key key;
    private final HeldRange range;
    private final Handler.Factory<T> factory;
    private final Core core;
    private final Mailbox<T> mailbox;

    private volatile @Nullable Call<?> awaited;

    // the key's thread alone
    private final Waiting<T> waiting;
    private @Nullable Handler<T> handler;
    private @Nullable T state;
    private int alone;
    private final LiveShare<T> live;

    HandlerLoop(Key key, HeldRange range, Handler.Factory<T> factory, Core core) {
        this.key = key;
        this.range = range;
        this.factory = factory;
        this.core = core;
        this.mailbox = new Mailbox<>(core.settings().mailbox());
        this.waiting = new Waiting<>(mailbox);
        this.live = range.share();
    }

    Key key() {
        return key;
    }

    Tenure tenure() {
        return range.tenure();
    }

    long nowNanos() {
        return core.nanoTime().getAsLong();
    }

    /// What this handler's turn waits for; null: it does not wait for another handler.
    @Nullable
    Call<?> awaited() {
        return awaited;
    }

    /// @return what it waited for until now
    @Nullable
    Call<?> awaits(@Nullable Call<?> call) {
        Call<?> before = awaited;
        awaited = call;
        return before;
    }

    void start() {
        core.keyThreads().newThread(this).start();
    }

    /// @param envelope for a state of this loop's type; the domain's name says so, the compiler cannot
    @SuppressWarnings("unchecked")
    Mailbox.Offer offer(Envelope<?, ?> envelope) {
        envelope.reply().at(this); // before it can run
        return mailbox.offer((Envelope<T, ?>) envelope);
    }

    void drain() {
        mailbox.drain();
    }

    /// Refuses what waits at once, even while a long turn still runs.
    void halt() {
        refuse(mailbox.close(), range.refusal());
    }

    /// Never started, or over.
    ///
    /// @param why what those are told who are still waiting
    void end(Throwable why) {
        refuse(mailbox.close(), why);
        range.ended(key, this);
    }

    private void refuse(List<Envelope<T, ?>> left, Throwable why) {
        core.replies().fail(left, why);
    }

    @Override
    public void run() {
        try {
            serve();
        } finally {
            refuse(waiting.takeAgain(), range.refusal());
            discard();
            end(range.refusal());
        }
    }

    private void serve() {
        while (!range.isHalted()) {
            boolean work = waiting.hasAgain() || mailbox.await(core.settings().idle());
            if (work ? !runTurn() : leave()) return;
        }
    }

    /// Nobody waits. False: now somebody does.
    private boolean leave() {
        if (range.isHalted()) return true;
        boolean draining = mailbox.isDraining();
        if (draining) keep();
        discard(); // before the mailbox closes: from then on another handler may load the same key
        if (!mailbox.closeIfEmpty()) return false;
        if (!draining) core.stats().add(Event.PASSIVATED);
        return true;
    }

    /// False: the handler is over.
    private boolean runTurn() {
        DispatchStats.Working working = null;
        try {
            working = core.stats().began(range, nowNanos());
            T loaded = load();
            return loaded != null && !range.isHalted() && runTurn(loaded);
        } catch (Throwable e) { // the rim: a fault of ours, or no memory
            LOG.log(Level.ERROR, () -> "a turn of " + key + " failed", e);
            refuse(waiting.takeAll(), e); // or it would go on like this for ever
            discard();
            return true;
        } finally {
            if (working != null) core.stats().ended(working);
        }
    }

    private boolean runTurn(T loaded) throws Exception {
        var turn = new TurnRun<>(this, range, core, loaded, waiting, live::measure);
        TurnRun.After after = turn.run(alone > 0 ? 1 : core.settings().turn());
        alone = Math.max(0, alone - 1) + turn.alone();
        range.turned(nowNanos());
        if (after == TurnRun.After.RELOAD) {
            core.stats().add(Event.DISCARDED);
            discard();
        }
        return after != TurnRun.After.END;
    }

    /// The live state, or else a loaded one. Null: the range is halted, or the load failed, and all who wait for it
    /// know.
    private @Nullable T load() {
        if (state != null || range.isHalted()) return state;
        long begun = nowNanos();
        try {
            T loaded = Turn.loading(this).where(() -> {
                Handler<T> made = factory.create(key.text(), Turn.writes());
                handler = made;
                String luggage = range.luggage().of(key); // waits, if need be, before there is a state
                T fresh = Objects.requireNonNull(made.load(), "the load brought no state");
                if (luggage != null) made.restore(fresh, luggage);
                if (luggage != null) range.luggage().taken(key);
                live.begin(made, fresh);
                return fresh;
            });
            state = loaded;
            core.stats().add(Event.LOADED);
            range.meter().worked(key, 0, nowNanos() - begun, 0);
            return loaded;
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "the load of " + key + " failed", e);
            core.stats().add(Event.LOAD_FAILED);
            Throwable why = range.isHalted() ? range.refusal() : e;
            List<Envelope<T, ?>> queued =
                    mailbox.close(); // first: who asks again once he was told finds another handler
            refuse(waiting.takeAgain(), why);
            refuse(queued, why);
            return null;
        }
    }

    /// A planned move: what only memory knows goes along.
    private void keep() {
        Handler<T> of = handler;
        T last = state;
        if (of == null || last == null) return;
        try {
            String kept = of.keep(last);
            if (kept == null || range.luggage().keep(key, kept)) return;
            LOG.log(Level.WARNING, () -> "what " + key + " would hand along is too much: " + kept.length());
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "what " + key + " would hand along cannot be had", e);
        }
        core.stats().add(Event.KEEP_FAILED);
    }

    private void discard() {
        Handler<T> of = handler;
        T old = state;
        handler = null;
        state = null;
        live.end();
        if (of == null || old == null) return;
        try {
            of.discard(old);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "discarding " + key + " failed", e);
        }
    }
}
