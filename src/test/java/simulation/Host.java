package simulation;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// A process: its virtual threads run when the [Scheduler] says so, and not at all while it stands still. To a virtual
/// thread it is the pool that carries it.
///
/// The real clock plays no part: a wait with a time-out waits until it is ended. Whoever needs time to pass asks the
/// scheduler.
final class Host extends ForkJoinPool {
    private static final Constructor<?> BUILDER = builder();

    private final Scheduler scheduler;
    private final List<Runnable> held = new ArrayList<>();
    private boolean still;

    Host(Scheduler scheduler) {
        super(1);
        this.scheduler = scheduler;
    }

    /// The JDK lets nobody choose what carries a virtual thread, yet; its own tests need it, too.
    private static Constructor<?> builder() {
        try {
            Constructor<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            return builder;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "this JDK hides the carrier of virtual threads, or --add-opens=java.base/java.lang=ALL-UNNAMED is"
                            + " missing",
                    e);
        }
    }

    /// The same for every thread of this process.
    ThreadFactory threads() {
        return task -> {
            try {
                var builder = (Thread.Builder.OfVirtual) BUILDER.newInstance(this);
                return builder.unstarted(scheduler.watched(task));
            } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /// Each task gets a thread, which may block.
    void start(Runnable task) {
        threads().newThread(task).start();
    }

    boolean isStill() {
        return still;
    }

    /// Nothing here runs any more, until [#goOn].
    void standStill() {
        still = true;
    }

    void goOn() {
        still = false;
        held.forEach(this::execute);
        held.clear();
    }

    /// For later.
    void hold(Runnable step) {
        held.add(step);
    }

    @Override
    public void execute(Runnable step) {
        scheduler.ready(this, step);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return new Never();
    }

    private static final class Never extends FutureTask<Void> implements ScheduledFuture<Void> {
        private Never() {
            super(() -> null);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return Long.MAX_VALUE;
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
