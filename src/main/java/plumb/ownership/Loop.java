package plumb.ownership;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A daemon platform thread that repeats a step: after the delay that the step asked for, or at once when signalled. It
/// ends when the step answers [#DONE] or somebody calls [#end()]; a step that throws is logged and repeated, and an
/// interrupt that it left behind is forgotten: without this thread nobody would renew.
final class Loop {
    /// One round of the loop.
    @FunctionalInterface
    interface Step {
        /// @return nanoseconds until the next round at the latest, or [#DONE]
        long run();
    }

    static final long DONE = -1;

    private static final Logger LOG = System.getLogger(Loop.class.getName());
    private static final long AFTER_A_FAULT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Step step;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private boolean signalled; // guarded by lock, as is ended
    private boolean ended;

    /// @param last runs on the thread when the loop ends
    Loop(String name, Step step, Runnable last) {
        this.step = step;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(last));
    }

    void start() {
        thread.start();
    }

    /// Runs the step soon. Does not block.
    void signal() {
        lock.lock();
        try {
            signalled = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the loop after the step that runs. Does not block.
    void end() {
        lock.lock();
        try {
            ended = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Blocks until the thread has ended; false: the time was over first.
    boolean join(Duration atMost) throws InterruptedException {
        return thread.getState() == Thread.State.NEW || thread.join(atMost);
    }

    private void run(Runnable last) {
        try {
            long delay = 0;
            while (awaitTurn(delay)) {
                delay = attempt();
                if (delay == DONE) return;
            }
        } finally {
            last.run();
        }
    }

    private long attempt() {
        try {
            return step.run();
        } catch (Throwable e) { // the rim: this thread must outlive any fault of a step
            LOG.log(Level.ERROR, "A step of " + thread.getName() + " failed; it will be repeated", e);
            return AFTER_A_FAULT_NANOS;
        } finally {
            Thread.interrupted(); // left behind by what the step called: the next wait would end at once, and again
        }
    }

    /// False: ended.
    private boolean awaitTurn(long delayNanos) {
        lock.lock();
        try {
            awaitSignal(delayNanos);
            signalled = false;
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private void awaitSignal(long delayNanos) {
        try {
            long left = delayNanos;
            while (left > 0 && !signalled && !ended) left = wake.awaitNanos(left);
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, () -> "Somebody interrupted " + thread.getName() + "; it goes on");
        }
    }
}
