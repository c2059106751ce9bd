package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.Expired;
import plumb.Handler;
import plumb.LoadFailed;
import plumb.Refusal;
import plumb.Rejection;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.Key;
import plumb.keyspace.Tenure;

/// The one thread of one key: takes what waits, has the state loaded if there is none, runs turns, until it is idle,
/// drained or halted.
final class HandlerLoop<T> implements Runnable {
    private static final Logger LOG = System.getLogger(HandlerLoop.class.getName());

    private final Key key;
    private final HeldRange range;
    private final Core core;
    private final Mailbox<T> mailbox;

    private volatile @Nullable Call<?> awaited;
    private volatile long usedNanos;
    private volatile @Nullable Event leavesFor; // changed by the residents, and by the key's thread once it goes on
    private int seat = Residents.NO_SEAT; // the residents' alone

    // the key's thread alone
    private final LiveState<T> live;
    private int alone;

    HandlerLoop(Key key, HeldRange range, Handler.Factory<T> factory, Core core) {
        this.key = key;
        this.range = range;
        this.core = core;
        this.mailbox = new Mailbox<>(core.settings().mailbox());
        this.usedNanos = nowNanos();
        this.live = new LiveState<>(this, factory, core);
    }

    Key key() {
        return key;
    }

    HeldRange range() {
        return range;
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

    /// When it last ran something other than a tick.
    long usedNanos() {
        return usedNanos;
    }

    boolean isIdle() {
        return mailbox.isIdle();
    }

    int seat() {
        return seat;
    }

    void sitsAt(int at) {
        seat = at;
    }

    /// If it is idle: lets it end, unless something comes before it does.
    boolean askToLeave(Event why) {
        leavesFor = why;
        boolean asked = mailbox.askToLeave();
        if (!asked) leavesFor = null;
        return asked;
    }

    /// Those whose deadline has passed are told so, however long the load or the turn takes that they wait behind.
    void expire() {
        long now = nowNanos();
        List<Envelope<T, ?>> late =
                mailbox.takeIf(envelope -> envelope.deadline().passed(now));
        if (late.isEmpty()) return;
        late.forEach(envelope -> core.stats().add(Event.EXPIRED));
        refuse(late, new Expired("the deadline passed while the request waited"));
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

    /// Something that the handler does by itself. Any thread.
    ///
    /// @return false: it will not be run
    boolean offerOwn(Envelope<T, ?> envelope) {
        if (range.isEnding()) return false;
        envelope.reply().at(this);
        boolean accepted = mailbox.offer(envelope) == Mailbox.Offer.ACCEPTED;
        if (accepted) core.stats().add(Event.ACCEPTED);
        return accepted;
    }

    /// For the key's own thread, while it loads or runs requests.
    LiveState<T> live() {
        return live;
    }

    /// Requests that wait in the mailbox.
    int waiting() {
        return mailbox.waiting();
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
            live.discard();
            end(refusal());
        }
    }

    private Refusal refusal() {
        return core.quarantine().isShut(key) && !range.isHalted()
                ? core.quarantine().refusal(key)
                : range.refusal();
    }

    private void serve() {
        while (!range.isHalted() && !core.quarantine().isShut(key)) {
            if (mailbox.await() ? !runTurn() : leave()) return;
            if (leavesFor != null) stay();
        }
    }

    /// Nobody waits. False: now somebody does.
    private boolean leave() {
        if (range.isHalted()) return true;
        boolean draining = mailbox.isDraining();
        if (draining) live.keep();
        live.discard(); // before the mailbox closes: from then on another handler may load the same key
        if (!mailbox.closeIfEmpty()) return false;
        Event why = leavesFor;
        if (!draining && why != null) core.stats().add(why);
        return true;
    }

    /// Something came before it had left.
    private void stay() {
        leavesFor = null;
        core.residents().stays(this);
    }

    /// False: the handler is over.
    private boolean runTurn() {
        DispatchStats.Working working = null;
        try {
            working = core.stats().began(this, nowNanos());
            T loaded = load();
            return loaded != null && !range.isHalted() && runTurn(loaded);
        } catch (Throwable e) { // the rim: a fault of ours, or no memory
            LOG.log(Level.ERROR, () -> "a turn of " + key + " failed", e);
            refuse(mailbox.takeIf(any -> true), e); // or it would go on like this for ever
            live.discard();
            return true;
        } finally {
            if (working != null) core.stats().ended(working);
        }
    }

    private boolean runTurn(T loaded) throws Exception {
        var turn = new TurnRun<>(this, range, core, loaded, mailbox, live::measure);
        TurnRun.After after = turn.run(alone > 0 ? 1 : core.settings().turn());
        if (turn.ranMoreThanTicks()) usedNanos = nowNanos();
        alone = Math.max(0, alone - 1) + turn.alone();
        range.turned(nowNanos());
        live.turned();
        if (after == TurnRun.After.RELOAD) {
            core.stats().add(Event.DISCARDED);
            live.discard();
        }
        return after != TurnRun.After.END;
    }

    /// The live state, or else a loaded one. Null: the range is halted, or the load failed, and all who wait for it
    /// know.
    private @Nullable T load() {
        T known = live.get();
        if (known != null || range.isHalted()) return known;
        long begun = nowNanos();
        int mark = core.marks().begin(key);
        try {
            T loaded = live.load();
            core.stats().add(Event.LOADED);
            range.meter().worked(key, 0, nowNanos() - begun, 0);
            core.failedLoads().succeeded(key);
            return loaded;
        } catch (Throwable e) {
            Throwable why = loadFailed(e);
            refuse(mailbox.close(), why); // closed first: who asks again once he was told finds another handler
            return null;
        } finally {
            core.marks().end(mark);
        }
    }

    /// What those are told who wait for it.
    private Throwable loadFailed(Throwable cause) {
        if (range.isHalted()) return range.refusal();
        Throwable answer = answerIn(cause);
        if (answer != null) return answer;
        LOG.log(Level.WARNING, () -> "the load of " + key + " failed", cause);
        core.stats().add(Event.LOAD_FAILED);
        core.quarantine().failed(key, cause, nowNanos());
        return new LoadFailed(
                "the load of " + key + " failed", core.failedLoads().failed(key, nowNanos()));
    }

    /// Containers wrap what a bean's construction throws.
    private static @Nullable Throwable answerIn(Throwable cause) {
        Throwable next = cause;
        for (int depth = 0; next != null && depth < 10; depth++, next = next.getCause())
            if (next instanceof Rejection || next instanceof Refusal) return next;
        return null;
    }
}
