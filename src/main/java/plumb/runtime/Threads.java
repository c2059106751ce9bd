package plumb.runtime;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// The one place that decides what kind of thread runs what.
///
/// Neither server's managed executors yield virtual threads with Jakarta Concurrency 3.0, so key threads are plain
/// virtual threads that carry the application's class loader. Whatever needs the container's transactions runs
/// elsewhere: see [FencedTransactions].
final class Threads {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ClassLoader application;
    private final Executor names;

    Threads(ClassLoader application) {
        this(application, Runnable::run);
    }

    /// @param names runs a thread's task where it finds the application's names: see [Names]
    Threads(ClassLoader application, Executor names) {
        this.application = application;
        this.names = names;
    }

    ClassLoader application() {
        return application;
    }

    /// For handlers and replies.
    ThreadFactory virtual(String name) {
        return factory(Thread.ofVirtual().name(name, 0).factory());
    }

    /// For what must run on time whatever the load: renewals, the keeper, the lane.
    ThreadFactory platform(String name) {
        return factory(Thread.ofPlatform().daemon().name(name).factory());
    }

    /// One virtual thread a task.
    ExecutorService perTask(String name) {
        return Executors.newThreadPerTaskExecutor(virtual(name));
    }

    /// For what works under a lock: what runs may end and give its lock back, else the other instances would wait until
    /// the lock is over. Blocks for two seconds at most; then it is interrupted.
    static void end(ExecutorService executor) {
        executor.shutdown();
        try {
            if (executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }

    private ThreadFactory factory(ThreadFactory plain) {
        return task -> {
            Thread thread = plain.newThread(() -> names.execute(task));
            thread.setContextClassLoader(application);
            return thread;
        };
    }
}
