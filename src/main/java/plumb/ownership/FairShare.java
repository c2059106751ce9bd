package plumb.ownership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import plumb.keyspace.Incarnation;

/// How many ranges an instance should have. Pure: instances that see the same rows come to the same plan, so two givers
/// do not flood one newcomer.
final class FairShare {
    private static final Comparator<Incarnation> BY_ID = Comparator.comparing(Incarnation::id);

    private FairShare() {}

    /// How many more ranges to claim: up to the rounded-up share, so that together the living can hold all.
    static int toClaim(int ranges, int alive, int owned) {
        if (alive < 1) return 0;
        return Math.max(0, Math.ceilDiv(ranges, alive) - owned);
    }

    /// To whom `me` gives one range each, in this order, until nobody has two more than another.
    ///
    /// @param counts ranges per instance that takes part, offers counted as if they were done
    static List<Incarnation> surplus(Incarnation me, Map<Incarnation, Integer> counts) {
        var left = sorted(counts);
        var mine = new ArrayList<Incarnation>();
        while (!left.isEmpty()) {
            Incarnation richest = richest(left);
            Incarnation poorest = poorest(left);
            if (left.getOrDefault(richest, 0) - left.getOrDefault(poorest, 0) <= 1) break;
            left.merge(richest, -1, Integer::sum);
            left.merge(poorest, 1, Integer::sum);
            if (richest.equals(me)) mine.add(poorest);
        }
        return mine;
    }

    /// Who gets `ranges` ranges of an instance that leaves: each the one that has the fewest then. Empty: nobody is
    /// there.
    static List<Incarnation> spread(int ranges, Map<Incarnation, Integer> counts) {
        var left = sorted(counts);
        var targets = new ArrayList<Incarnation>();
        for (int i = 0; i < ranges && !left.isEmpty(); i++) {
            Incarnation poorest = poorest(left);
            left.merge(poorest, 1, Integer::sum);
            targets.add(poorest);
        }
        return targets;
    }

    private static SortedMap<Incarnation, Integer> sorted(Map<Incarnation, Integer> counts) {
        var sorted = new TreeMap<Incarnation, Integer>(BY_ID);
        sorted.putAll(counts);
        return sorted;
    }

    private static Incarnation poorest(SortedMap<Incarnation, Integer> counts) {
        Incarnation poorest = counts.firstKey();
        for (var entry : counts.entrySet())
            if (entry.getValue() < counts.getOrDefault(poorest, 0)) poorest = entry.getKey();
        return poorest;
    }

    private static Incarnation richest(SortedMap<Incarnation, Integer> counts) {
        Incarnation richest = counts.firstKey();
        for (var entry : counts.entrySet())
            if (entry.getValue() > counts.getOrDefault(richest, 0)) richest = entry.getKey();
        return richest;
    }
}
