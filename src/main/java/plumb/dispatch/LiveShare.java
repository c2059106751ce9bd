package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import plumb.Handler;

/// What one key adds to the live gauges of its range. Used by the key's thread alone; the sums are everybody's.
final class LiveShare<T> {
    private static final Logger LOG = System.getLogger(LiveShare.class.getName());
    private static final LiveShare<Object> OF_NOTHING = new LiveShare<>(new AtomicLongArray(0));

    private final AtomicLongArray sums;
    private final long[] added;
    private @Nullable Handler<T> handler;
    private @Nullable T state;
    private boolean complained; // once is enough, else each turn would

    private LiveShare(AtomicLongArray sums) {
        this.sums = sums;
        this.added = new long[sums.length()];
    }

    /// Of a handler that has nothing in memory yet.
    @SuppressWarnings("unchecked") // without gauges it keeps nothing, so one is enough for all
    static <T> LiveShare<T> of(AtomicLongArray sums) {
        return sums.length() == 0 ? (LiveShare<T>) OF_NOTHING : new LiveShare<>(sums);
    }

    /// From now on this state counts.
    void begin(Handler<T> of, T loaded) {
        if (added.length == 0) return;
        handler = of;
        state = loaded;
        measure();
    }

    /// Adds what has changed since the last time.
    void measure() {
        Handler<T> of = handler;
        T counted = state;
        if (of == null || counted == null) return;
        for (int which = 0; which < added.length; which++) {
            try {
                add(which, of.gauge(counted, which));
            } catch (Throwable e) {
                if (!complained) LOG.log(Level.WARNING, "a live gauge cannot be read; it stays as it was", e);
                complained = true;
            }
        }
    }

    /// The state is not in memory any more.
    void end() {
        handler = null;
        state = null;
        for (int which = 0; which < added.length; which++) add(which, 0);
    }

    private void add(int which, long now) {
        long difference = now - added[which];
        if (difference == 0) return;
        added[which] = now;
        sums.addAndGet(which, difference);
    }
}
