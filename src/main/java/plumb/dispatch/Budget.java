package plumb.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;

/// So many within a while. Thread-safe.
final class Budget {
    private final int most;
    private final long whileNanos;
    private final ArrayDeque<Long> spent = new ArrayDeque<>(); // guarded by this

    Budget(int most, Duration within) {
        this.most = most;
        this.whileNanos = within.toNanos();
    }

    /// False: nothing is left of it.
    synchronized boolean spend(long nowNanos) {
        while (!spent.isEmpty() && nowNanos - spent.peek() > whileNanos) spent.poll();
        return spent.size() < most && spent.add(nowNanos);
    }
}
