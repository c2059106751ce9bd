package plumb.dispatch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import plumb.CallCycle;
import plumb.Deadline;
import plumb.Expired;
import plumb.OutcomeUnknown;

/// The answer that somebody waits for; a stage made of it is one, too. It knows which handler is to give it, so that a
/// handler that waits for another one is seen: what it waits for must not wait for it in turn, and not for longer than
/// until the deadline.
final class Call<R> extends CompletableFuture<R> {
    /// Of handlers that wait for each other in a row; longer ones are left to the deadline.
    private static final int LONGEST_CHAIN = 1_000;

    private final Call<?> origin;
    private final Deadline deadline;
    private volatile @Nullable HandlerLoop<?> runner;
    private long sinceNanos; // it waits; written before its mailbox has it
    private boolean begun; // guarded by this
    private boolean refused; // guarded by this

    Call(Deadline deadline) {
        this.origin = this;
        this.deadline = deadline;
    }

    private Call(Call<?> origin) {
        this.origin = origin;
        this.deadline = origin.deadline;
    }

    /// Where it waits or runs now.
    void at(HandlerLoop<?> loop) {
        runner = loop;
        sinceNanos = loop.nowNanos();
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /// Its turn has come. False: whoever asked has given up, and it must not run.
    synchronized boolean begin() {
        begun |= !refused && !isDone();
        return begun;
    }

    /// It ran, and came to nothing: it waits again.
    synchronized void beginAnew() {
        begun = false;
    }

    /// Unless it has begun: then it is never run.
    private boolean refuse(RuntimeException why) {
        synchronized (this) {
            refused |= !begun;
            if (!refused) return false;
        }
        completeExceptionally(why);
        return true;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Call<>(origin);
    }

    @Override
    public R join() {
        Turn turn = waiting();
        if (turn == null) return super.join();
        try {
            return await(turn);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CompletionException wrapped ? wrapped : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        Turn turn = waiting();
        return turn == null ? super.get() : await(turn);
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        Turn turn = waiting();
        return turn == null ? super.get(timeout, unit) : await(turn, timeout, unit);
    }

    /// The turn that is about to stand still; null: none is.
    private @Nullable Turn waiting() {
        return isDone() || !Turn.isBound() ? null : Turn.current();
    }

    private R await(Turn turn) throws InterruptedException, ExecutionException {
        try {
            return await(turn, Math.max(0, turn.left(deadline).toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ExecutionException(
                    origin.refuse(new Expired("the deadline passed while the request waited"))
                            ? new Expired("the deadline passed while the request waited")
                            : new OutcomeUnknown("no answer by the deadline"));
        }
    }

    private R await(Turn turn, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        HandlerLoop<?> waiter = turn.loop();
        Call<?> before = waiter.awaits(origin);
        try {
            refuseCycle(waiter); // after it is visible that this one waits: of two at once, one at least sees the other
            return super.get(timeout, unit);
        } finally {
            waiter.awaits(before);
        }
    }

    /// Of a cycle of calls at least one has not begun: each request that runs was there before those that it made.
    private void refuseCycle(HandlerLoop<?> waiter) {
        Call<?> waiting = null; // for its turn
        Call<?> next = origin;
        for (int steps = 0; next != null && !next.isDone() && steps < LONGEST_CHAIN; steps++) {
            HandlerLoop<?> by = next.runner;
            if (by == null) return;
            if (waiting == null && !next.hasBegun()) waiting = next;
            if (by == waiter) {
                if (waiting != null)
                    waiting.refuse(new CallCycle("handlers wait for each other, " + by.key() + " is one"));
                return;
            }
            next = by.awaited();
        }
    }

    private synchronized boolean hasBegun() {
        return begun;
    }
}
