package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.Handler;
import plumb.NotOwner;
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
        core.replies().fail(mailbox.halt(), notOwner());
    }

    /// Never started, or over.
    void end() {
        List<Request<T, ?>> left = mailbox.close();
        range.ended(key, this);
        core.replies().fail(left, notOwner());
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (Throwable e) { // ours, or no memory: the key's next request starts anew
            LOG.log(Level.ERROR, () -> "the handler of " + key + " failed", e);
            core.replies().fail(waiting, e);
            waiting.clear();
        } finally {
            discard();
            core.replies().fail(waiting, notOwner());
            end();
        }
    }

    private void serve() throws Exception {
        boolean draining = false;
        while (!(draining && mailbox.closeIfEmpty())) {
            List<Envelope<T>> taken =
                    mailbox.take(core.settings().turn(), core.settings().idle());
            if (taken.isEmpty()) {
                core.stats().add(Event.PASSIVATED);
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
    private boolean runWaiting() throws Exception {
        while (!waiting.isEmpty()) {
            if (range.isHalted() || !load()) return false;
            T loaded = state;
            if (loaded == null) throw new IllegalStateException("the load of " + key + " brought no state");
            var turn = new TurnRun<>(key, range, core, loaded, waiting);
            TurnRun.After after = turn.run(alone > 0 ? 1 : core.settings().turn());
            alone = Math.max(0, alone - 1) + turn.alone();
            if (after == TurnRun.After.END) return false;
            if (after == TurnRun.After.RELOAD) {
                core.stats().add(Event.DISCARDED);
                discard();
            }
        }
        return true;
    }

    /// False: it failed, and all who wait for it know.
    private boolean load() {
        if (state != null) return true;
        try {
            state = Turn.loading(key, range.tenure()).where(() -> {
                Handler<T> made = factory.create(key.text(), Turn.writes());
                handler = made;
                return made.load();
            });
            core.stats().add(Event.LOADED);
            return true;
        } catch (Throwable e) {
            LOG.log(Level.WARNING, () -> "the load of " + key + " failed", e);
            core.stats().add(Event.LOAD_FAILED);
            core.replies().fail(waiting, e);
            core.replies().fail(mailbox.close(), e);
            waiting.clear();
            return false;
        }
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

    private NotOwner notOwner() {
        return new NotOwner(key + ": its range " + range + " is not held any more");
    }
}
