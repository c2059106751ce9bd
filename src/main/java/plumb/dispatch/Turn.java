package plumb.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Statement;
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

    private final Key key;
    private final Tenure tenure;
    private final Thread thread = Thread.currentThread();
    private final @Nullable Runnable settleEarlier;

    private final List<Write> writes = new ArrayList<>();
    private int earlierWrites;
    private boolean transactional;
    private boolean transactionFailed;
    private @Nullable Deadline deadline;

    private Turn(Key key, Tenure tenure, @Nullable Runnable settleEarlier) {
        this.key = key;
        this.tenure = tenure;
        this.settleEarlier = settleEarlier;
    }

    /// For a load, in which nothing may be written.
    static Turn loading(Key key, Tenure tenure) {
        forgetInterrupt();
        return new Turn(key, tenure, null);
    }

    /// @param settleEarlier commits and answers what the turn's earlier requests left pending; throws if that did not
    ///     work out
    static Turn of(Key key, Tenure tenure, Runnable settleEarlier) {
        return new Turn(key, tenure, settleEarlier);
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

    public Key key() {
        return key;
    }

    /// The one noted before the handler's load.
    public Tenure tenure() {
        return tenure;
    }

    /// Of the request that runs; null during a load.
    public @Nullable Deadline deadline() {
        return deadline;
    }

    /// Runs something in this turn, on the calling thread, while the key's own thread waits for it.
    public <R extends @Nullable Object> R where(Callable<R> task) throws Exception {
        return ScopedValue.where(CURRENT, this).<R, Exception>call(task::call);
    }

    /// Whether the calling thread is the key's own, not one that works for it ([#where]).
    public boolean isOnKeyThread() {
        return Thread.currentThread() == thread;
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
        if (wrote())
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
        if (settleEarlier == null) throw new IllegalStateException("nothing can be written during a load");
        if (!isOnKeyThread())
            throw new IllegalStateException(
                    "Writes belong to the key's own thread; inside a transaction write through it");
        var write = new Write(statement, row);
        writes.add(write);
        return write;
    }

    void begin(Deadline of) {
        forgetInterrupt();
        deadline = of;
        earlierWrites = writes.size();
    }

    /// One that an earlier request left behind is meant for nobody.
    private static void forgetInterrupt() {
        Thread.interrupted();
    }

    /// Whether the running request has added a write.
    private boolean wrote() {
        return writes.size() > earlierWrites;
    }

    /// Whether the running request changed, or may have changed, anything outside memory.
    boolean isTouched() {
        return wrote() || transactional;
    }

    boolean isTransactional() {
        return transactional;
    }

    boolean hasFailedTransaction() {
        return transactionFailed;
    }

    /// Forgets the writes of the running request.
    void undo() {
        writes.subList(earlierWrites, writes.size()).clear();
    }

    /// What is pending, which it is no longer.
    List<Write> take() {
        var taken = List.copyOf(writes);
        writes.clear();
        earlierWrites = 0;
        return taken;
    }
}
