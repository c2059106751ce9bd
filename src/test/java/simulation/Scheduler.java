package simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs everything, one step at a time: a thread until it blocks, or something that was to happen at a time. Of what is
/// ready the seed chooses the next; time passes when nothing is. Now and then a thread is left out for a while, as a
/// busy machine does.
final class Scheduler {
    /// A run has some thousands.
    private static final int MOST_STEPS = 1_000_000;

    private static final int PREEMPTED_ONE_IN = 300;
    private static final Duration LONGEST_PREEMPTION = Duration.ofSeconds(4);

    private record Step(Host host, Runnable work) {}

    private record Alarm(long atNanos, long number, Runnable work) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int earlier = Long.compare(atNanos, other.atNanos);
            return earlier != 0 ? earlier : Long.compare(number, other.number);
        }
    }

    private final SplittableRandom luck;
    private final List<Step> ready = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private boolean fair;
    private long nowNanos;
    private long numbers;
    private long threads;
    private long steps;
    private long trace;
    private @Nullable Throwable failure;

    Scheduler(SplittableRandom luck) {
        this.luck = luck;
    }

    long nowNanos() {
        return nowNanos;
    }

    /// How many threads have not ended.
    long threads() {
        return threads;
    }

    long steps() {
        return steps;
    }

    /// The same number, the same run.
    long trace() {
        return trace;
    }

    /// From now on nobody is left out.
    void beFair() {
        fair = true;
    }

    /// The run ends with the first one.
    void fail(Throwable cause) {
        if (failure == null) failure = cause;
    }

    void ready(Host host, Runnable work) {
        ready.add(new Step(host, work));
    }

    void after(long nanos, Runnable work) {
        alarms.add(new Alarm(nowNanos + nanos, numbers++, work));
    }

    /// Blocks the calling thread of the world for that time.
    void sleep(long nanos) {
        sleep(nanos, new Pause());
    }

    /// As [#sleep], unless somebody wakes it.
    void sleep(long nanos, Pause pause) {
        after(nanos, pause::end);
        pause.await();
    }

    Runnable watched(Runnable task) {
        threads++;
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                fail(e);
            } finally {
                threads--;
            }
        };
    }

    /// Lets that much time pass, or stops at the first failure.
    void run(Duration time) {
        long end = nowNanos + time.toNanos();
        while (failure == null) {
            if (!ready.isEmpty()) {
                step();
                continue;
            }
            Alarm next = alarms.peek();
            if (next == null || next.atNanos() > end) break;
            alarms.remove();
            nowNanos = next.atNanos();
            next.work().run();
        }
        if (failure != null) throw new AssertionError("after " + Duration.ofNanos(nowNanos), failure);
        nowNanos = end;
    }

    private void step() {
        int chosen = luck.nextInt(ready.size());
        Step step = ready.set(chosen, ready.getLast());
        ready.removeLast();
        if (steps++ == MOST_STEPS) fail(new AssertionError("it goes round and round"));
        trace = trace * 31 + chosen + nowNanos;
        if (step.host().isStill()) step.host().hold(step.work());
        else if (!fair && luck.nextInt(PREEMPTED_ONE_IN) == 0)
            after(luck.nextLong(LONGEST_PREEMPTION.toNanos()), () -> ready.add(step));
        else step.work().run();
    }

    /// A thread waits, somebody ends it.
    static final class Pause {
        private final Thread thread = Thread.currentThread();
        private boolean over;

        void end() {
            over = true;
            LockSupport.unpark(thread);
        }

        boolean isOver() {
            return over;
        }

        void await() {
            while (!over) {
                LockSupport.park(this);
                Thread.interrupted(); // meant for nobody here
            }
        }
    }
}
