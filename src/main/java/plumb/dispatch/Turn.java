package plumb.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import plumb.Alarms;
import plumb.Deadline;
import plumb.Rejection;
import plumb.Statement;
import plumb.Timers;
import plumb.Undo;
import plumb.Writes;
import plumb.commit.Write;
import plumb.keyspace.Key;
import plumb.keyspace.Tenure;

/// One turn of one handler, as the code that runs in it finds it: bound to the key's thread while the state is loaded
/// and while requests run, the only thread-bound thing in the engine.
public final class Turn {
    private static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

    private static final Writes WRITES = new Writes() {
        @Override
        public <P extends Record> Written add(Statement<P> statement, P row) {
            return current().add(statement, row);
        }
    };

    private static final Undo UNDO = new Undo() {
        @Override
        public void with(Runnable compensation) {
            current().add(compensation, true);
        }

        @Override
        public void also(Runnable compensation) {
            current().add(compensation, false);
        }
    };

    private final HandlerLoop<?> loop;
    private final @Nullable Object state;
    private final @Nullable Runnable settleEarlier;
    private final Thread keyThread = Thread.currentThread();
    private volatile Thread worker = keyThread;

    private final Changes changes = new Changes();
    private Changes.Mark begun = changes.mark();
    private boolean transactional;
    private boolean transactionFailed;
    private @Nullable Throwable spoilt;
    private @Nullable Deadline deadline;

    private Turn(HandlerLoop<?> loop, @Nullable Object state, @Nullable Runnable settleEarlier) {
        this.loop = loop;
        this.state = state;
        this.settleEarlier = settleEarlier;
    }

    /// For a load, in which nothing may be written.
    static Turn loading(HandlerLoop<?> loop) {
        forgetInterrupt();
        return new Turn(loop, null, null);
    }

    /// @param settleEarlier commits and answers what the turn's earlier requests left pending; throws if that did not
    ///     work out
    static Turn of(HandlerLoop<?> loop, Object state, Runnable settleEarlier) {
        return new Turn(loop, state, settleEarlier);
    }

    /// Whether the calling thread is in a turn.
    public static boolean isBound() {
        return CURRENT.isBound();
    }

    /// The calling thread's turn.
    ///
    /// @throws IllegalStateException if it is in none
    public static Turn current() {
        if (!CURRENT.isBound())
            throw new IllegalStateException("only on a key's own thread, while it loads or runs a request");
        return CURRENT.get();
    }

    /// Adds to whatever turn the calling thread is in.
    public static Writes writes() {
        return WRITES;
    }

    /// Takes back what the running request of the calling thread's turn changes, should it fail.
    public static Undo undo() {
        return UNDO;
    }

    /// Those of the calling thread's turn.
    public static Timers timers() {
        return (pause, action) -> {
            current().check("Timers");
            return current().loop().live().initiative().after(pause, action);
        };
    }

    /// Those of the key; they live as long as the state that is being loaded, or that requests run against.
    public Alarms alarms() {
        return loop.live().alarms();
    }

    public Key key() {
        return loop.key();
    }

    /// The one noted before the handler's load.
    public Tenure tenure() {
        return loop.tenure();
    }

    HandlerLoop<?> loop() {
        return loop;
    }

    /// Until then, at this moment.
    Duration left(Deadline of) {
        return of.left(loop.nowNanos());
    }

    /// Of the request that runs; null during a load.
    public @Nullable Deadline deadline() {
        return deadline;
    }

    /// Runs something in this turn, on the calling thread, while the key's own thread waits for it.
    public <R extends @Nullable Object> R where(Callable<R> task) throws Exception {
        Thread before = worker;
        worker = Thread.currentThread();
        try {
            return ScopedValue.where(CURRENT, this).<R, Exception>call(task::call);
        } finally {
            worker = before;
        }
    }

    /// Whether the calling thread is the key's own, not one that works for it ([#where]).
    public boolean isOnKeyThread() {
        return Thread.currentThread() == keyThread;
    }

    /// Whether a call to that key, from the calling thread, is a call to itself: it would wait for its own end.
    static boolean isCalling(Key key) {
        return isBound() && CURRENT.get().key().equals(key) && Thread.currentThread() == CURRENT.get().worker;
    }

    /// Runs a call of the handler to itself at once, as a part of the running request. If it fails, it is taken back if
    /// that can be done without the rest of the request ([#takeBack]); else the whole request has failed, whether it
    /// cares or not.
    @SuppressWarnings("unchecked") // the key's domain says which type its state has
    <T, R> CompletableFuture<R> inline(Function<? super T, ? extends R> function) {
        Object own = state;
        if (own == null || changes.isUndoing())
            return CompletableFuture.failedFuture(new IllegalStateException(
                    own == null
                            ? "a load cannot call its own handler, there is no state yet"
                            : "a compensation cannot call handlers"));
        Changes.Mark before = changes.mark();
        try {
            return CompletableFuture.completedFuture(function.apply((T) own));
        } catch (Throwable e) {
            if (!takeBack(e, before) && spoilt == null) spoilt = e;
            return CompletableFuture.failedFuture(e);
        }
    }

    /// A container's transaction begins within the request: what earlier requests of the turn left pending is committed
    /// first, on the calling thread, which must be the key's. Blocks.
    ///
    /// @throws IllegalStateException during a load, or after a write of the request itself: it would be committed apart
    ///     from it
    public void beginTransaction() {
        Runnable settle = settleEarlier;
        if (settle == null) return; // a load's transaction reads
        if (!isOnKeyThread())
            throw new IllegalStateException("a request begins its transactions on the key's own thread");
        if (changes.isUndoing()) throw new IllegalStateException("a compensation changes memory alone");
        if (changes.wroteSince(begun))
            throw new IllegalStateException(
                    "a transaction after the request's own Writes.add would be committed apart from"
                            + " it; do one or the other, or the transaction first");
        settle.run();
        transactional = true;
    }

    /// The transaction did not commit, or nobody knows whether it did.
    public void transactionFailed() {
        transactionFailed = true;
    }

    private Write add(Statement<?> statement, Record row) {
        check("Writes");
        var write = new Write(statement, row);
        changes.add(write);
        return write;
    }

    private void add(Runnable compensation, boolean promised) {
        check("Undo");
        changes.add(compensation, promised);
    }

    private void check(String what) {
        if (settleEarlier == null) throw new IllegalStateException("nothing can be written during a load");
        if (!isOnKeyThread())
            throw new IllegalStateException(
                    what + " belongs to the key's own thread; inside a transaction write through it");
        if (changes.isUndoing()) throw new IllegalStateException("a compensation changes memory alone");
    }

    void begin(Deadline of) {
        forgetInterrupt();
        deadline = of;
        begun = changes.begin();
        spoilt = null;
    }

    /// One that an earlier request left behind is meant for nobody.
    private static void forgetInterrupt() {
        Thread.interrupted();
    }

    boolean isTransactional() {
        return transactional;
    }

    boolean hasFailedTransaction() {
        return transactionFailed;
    }

    /// What a part of the running request has failed with, so that the whole of it has.
    @Nullable
    Throwable spoilt() {
        return spoilt;
    }

    /// The running request has failed. Its writes are forgotten.
    ///
    /// @return whether memory is as if it had not run
    boolean takeBack(Throwable failure) {
        if (takeBack(failure, begun)) return true;
        changes.forgetWritesSince(begun);
        return false;
    }

    /// It said no before it changed anything, or it can undo what it did: in memory alone, as long as nothing of it
    /// went to the database. What an [Error] has left half done nobody knows.
    private boolean takeBack(Throwable failure, Changes.Mark since) {
        if (transactional || spoilt != null || failure instanceof Error) return false;
        if (changes.canUndoSince(since)) return changes.undoSince(since);
        return failure instanceof Rejection && !changes.wroteSince(since);
    }

    /// What is pending, which it is no longer.
    List<Write> take() {
        List<Write> taken = changes.take();
        begun = changes.mark();
        return taken;
    }
}
