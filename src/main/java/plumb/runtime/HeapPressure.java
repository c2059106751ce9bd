package plumb.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether the heap is full of what is still in use: what a collection has left in the pools in which objects grow old.
/// Asked, not told: a listener at the platform's beans would outlive the application. For one thread.
final class HeapPressure {
    private static final long NEVER = -1;

    private final List<Supplier<@Nullable MemoryUsage>> pools;
    private final int percent;
    private final long[] judged;

    /// @param pools what the last collection left of each; null: the pool is gone
    /// @param percent of a pool's maximum
    HeapPressure(List<Supplier<@Nullable MemoryUsage>> pools, int percent) {
        this.pools = pools;
        this.percent = percent;
        this.judged = pools.stream().mapToLong(pool -> NEVER).toArray();
    }

    /// Those of this process. Eden and survivors are not among them: they have no usage threshold, being meant to fill.
    static List<Supplier<@Nullable MemoryUsage>> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(pool -> pool.isUsageThresholdSupported() && pool.isCollectionUsageThresholdSupported())
                .<Supplier<@Nullable MemoryUsage>>map((MemoryPoolMXBean pool) -> pool::getCollectionUsage)
                .toList();
    }

    /// True once for each collection that leaves too much: what was done about it shows with the next one.
    boolean isHigh() {
        boolean high = false;
        for (int pool = 0; pool < judged.length; pool++) {
            MemoryUsage usage = pools.get(pool).get();
            if (usage == null || usage.getUsed() == judged[pool]) continue;
            judged[pool] = usage.getUsed();
            high |= usage.getMax() > 0 && usage.getUsed() > usage.getMax() / 100 * percent;
        }
        return high;
    }
}
