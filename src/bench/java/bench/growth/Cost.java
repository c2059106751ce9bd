package bench.growth;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// What something costs, done once.
///
/// @param cpuNanos of this process
record Cost(double nanos, double cpuNanos) {
    private static final int AT_LEAST = 3;

    /// Anything that can be done again and again.
    interface Work {
        void once() throws Exception;
    }

    /// Of doing it again and again for that long, after doing it half as long in vain.
    static Cost of(Duration time, Work work) throws Exception {
        repeated(time.dividedBy(2), work);
        return repeated(time, work);
    }

    private static Cost repeated(Duration time, Work work) throws Exception {
        long cpu = usedNanos();
        long begun = System.nanoTime();
        long times = 0;
        while (times < AT_LEAST || System.nanoTime() - begun < time.toNanos()) {
            work.once();
            times++;
        }
        return new Cost((double) (System.nanoTime() - begun) / times, (double) (usedNanos() - cpu) / times);
    }

    /// Of doing it once, without having done it before.
    static Cost ofOnce(Work work) throws Exception {
        long cpu = usedNanos();
        long begun = System.nanoTime();
        work.once();
        return new Cost(System.nanoTime() - begun, usedNanos() - cpu);
    }

    double millis() {
        return nanos / 1e6;
    }

    double micros() {
        return nanos / 1e3;
    }

    /// That this process has used so far.
    static long usedNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
