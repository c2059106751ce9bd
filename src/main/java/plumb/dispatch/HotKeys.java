package plumb.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Key;

/// Which keys of a range cost most: a Space-Saving sketch ([Metwally et
/// al.](https://doi.org/10.1007/978-3-540-30570-5_27)) of eight keys, weighted by cost. Bounded, and it never misses a
/// key with more than an eighth of all; what it says of a key is rather too little. Not thread-safe.
final class HotKeys {
    static final int KEPT = 8;

    private final @Nullable Key[] keys = new Key[KEPT];
    private final double[] costs = new double[KEPT];
    private final double[] errors = new double[KEPT]; // what may have been somebody else's
    private double total;

    void add(Key key, double cost) {
        total += cost;
        int place = placeOf(key);
        if (!key.equals(keys[place])) {
            keys[place] = key;
            errors[place] = costs[place];
        }
        costs[place] += cost;
    }

    /// Of the key, or else of the cheapest.
    private int placeOf(Key key) {
        int cheapest = 0;
        for (int i = 0; i < KEPT; i++) {
            if (key.equals(keys[i])) return i;
            if (costs[i] < costs[cheapest]) cheapest = i;
        }
        return cheapest;
    }

    /// Makes the past less important.
    void fade(double factor) {
        total *= factor;
        for (int i = 0; i < KEPT; i++) {
            costs[i] *= factor;
            errors[i] *= factor;
        }
    }

    /// Those that surely have at least that share of all, hottest first.
    List<RangeLoad.Hot> above(double share) {
        var hot = new ArrayList<RangeLoad.Hot>();
        for (int i = 0; i < KEPT; i++) {
            Key key = keys[i];
            double sure = total > 0 ? (costs[i] - errors[i]) / total : 0;
            if (key != null && sure >= share) hot.add(new RangeLoad.Hot(key, sure));
        }
        hot.sort(Comparator.comparingDouble(RangeLoad.Hot::share).reversed());
        return hot;
    }
}
