package plumb.dispatch;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import plumb.Overloaded;

/// What needs the container (loads, transactions), run on the server's threads while the key's thread waits.
///
/// Bounded here and nowhere else, because pools refuse what is too much, and key threads can wait: they are many and
/// cost nothing.
public final class ContainerTasks {
    private final ExecutorService executor;
    private final int most;
    private final Semaphore free;

    /// @param most how many may run at once; the others wait
    public ContainerTasks(ExecutorService executor, int most) {
        this.executor = executor;
        this.most = most;
        this.free = new Semaphore(most, true);
    }

    /// Blocks until the task has ended, whoever interrupts: its outcome decides what the key's memory is worth. The
    /// interrupt is there again afterwards.
    ///
    /// @throws Overloaded if the server refuses it, which then has not begun
    /// @throws Exception what the task threw
    public <R extends @Nullable Object> R run(Callable<R> task) throws Exception {
        free.acquireUninterruptibly();
        try {
            return await(executor.submit(task));
        } catch (RejectedExecutionException e) {
            throw new Overloaded(Overloaded.Scope.INSTANCE, "the server has no thread for a load or a transaction");
        } finally {
            free.release();
        }
    }

    /// How many run now.
    public int running() {
        return most - free.availablePermits();
    }

    /// How many wait now, about.
    public int waiting() {
        return free.getQueueLength();
    }

    private static <R extends @Nullable Object> R await(Future<R> running) throws Exception {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
