package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.dispatch.DispatchStats.Event;
import plumb.dispatch.Envelope.Request;
import plumb.keyspace.Key;

/// The one thread of one key: takes what waits, loads the state if there is none, runs turns, until it is idle, drained
/// or halted.
final class HandlerLoop<T> implements Runnable {
    private static final Logger LOG = System.getLogger(HandlerLoop.class.getName());

    private final Key key;
    private final HeldRange range;
    private final Handler.Factory<T> factory;
    private final Core core;
    private final Mailbox<T> mailbox;

    // the key's thread alone
    private final ArrayDeque<Request<T, ?>> waiting = new ArrayDeque<>();
    private @Nullable Handler<T> handler;
    private @Nullable T state;
    private int alone;

    HandlerLoop(Key key, HeldRange range, Handler.Factory<T> factory, Core core) {
        this.key = key;
        this.range = range;
        this.factory = factory;
        this.core = core;
        this.mailbox = new Mailbox<>(core.settings().mailbox());
    }

    void start() {
        core.keyThreads().newThread(this).start();
    }

    /// @param request for a state of this loop's type; the domain's name says so, the compiler cannot
    @SuppressWarnings("unchecked")
    Mailbox.Offer offer(Request<?, ?> request) {
        return mailbox.offer((Request<T, ?>) request);
    }

    void drain() {
        mailbox.drain();
    }

    /// Refuses what waits at once, even while a long turn still runs.
    void halt() {
        core.replies().fail(mailbox.halt(), range.refusal());
    }

    /// Never started, or over.
    ///
    /// @param why what those are told who are still waiting
    void end(Throwable why) {
        core.replies().fail(mailbox.close(), why);
        range.ended(key, this);
    }

    @Override
    public void run() {
        try {
            serve();
        } finally {
            failWaiting(range.refusal());
            discard();
            end(range.refusal());
        }
    }

    private void serve() {
        boolean draining = false;
        while (true) {
            Duration idle = draining ? Duration.ZERO : core.settings().idle();
            List<Envelope<T>> taken = mailbox.take(core.settings().turn(), idle);
            if (taken.isEmpty()) {
                if (draining) keep();
                discard(); // before the mailbox closes: from then on another handler may load the same key
                if (!mailbox.closeIfEmpty()) continue;
                if (!draining) core.stats().add(Event.PASSIVATED);
                return;
            }
            for (Envelope<T> envelope : taken)
                switch (envelope) {
                    case Request<T, ?> request -> waiting.add(request);
                    case Envelope.Drain<T> drain -> draining = true;
                    case Envelope.Halt<T> halt -> {
                        return;
                    }
                }
            if (!runWaiting()) return;
        }
    }

    /// In as many turns as it takes; false: the handler is over.
    private boolean runWaiting() {
        DispatchStats.Working working = null;
        try {
            working = core.stats().began(core.nanoTime().getAsLong());
            while (!waiting.isEmpty()) {
                T loaded = load();
                if (loaded == null || range.isHalted()) return false;
                if (!runTurn(loaded)) return false;
            }
        } catch (Throwable e) { // the rim: a fault of ours, or no memory
            LOG.log(Level.ERROR, () -> "a turn of " + key + " failed", e);
            failWaiting(e);
            discard();
        } finally {
            if (working != null) core.stats().ended(working);
        }
        return true;
    }

    private boolean runTurn(T loaded) throws Exception {
        var turn = new TurnRun<>(key, range, core, loaded, waiting);
        TurnRun.After after = turn.run(alone > 0 ? 1 : core.settings().turn());
        alone = Math.max(0, alone - 1) + turn.alone();
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
        try {
            T loaded = Turn.loading(key, range.tenure()).where(() -> {
                Handler<T> made = factory.create(key.text(), Turn.writes());
                handler = made;
                String luggage = range.luggage().of(key); // waits, if need be, before there is a state
                T fresh = Objects.requireNonNull(made.load(), "the load brought no state");
                if (luggage != null) made.restore(fresh, luggage);
                if (luggage != null) range.luggage().taken(key);
                return fresh;
            });
            state = loaded;
            core.stats().add(Event.LOADED);
            return loaded;
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "the load of " + key + " failed", e);
            core.stats().add(Event.LOAD_FAILED);
            Throwable why = range.isHalted() ? range.refusal() : e;
            List<Request<T, ?>> queued =
                    mailbox.close(); // first: who asks again once he was told finds another handler
            failWaiting(why);
            core.replies().fail(queued, why);
            return null;
        }
    }

    private void failWaiting(Throwable why) {
        core.replies().fail(waiting, why);
        waiting.clear();
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
        if (of == null || old == null) return;
        try {
            of.discard(old);
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "discarding " + key + " failed", e);
        }
    }
}
