package plumb.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import plumb.balance.Snapshot.Hot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

/// Instances, ranges and keys with loads, whose owners do what a planner says. Loads are measured with noise and
/// smoothed, as they are in service.
final class World {
    private static final double NOISE = 0.1;
    private static final double SMOOTHING = 0.5;

    private static final class Range {
        final RangeId id;
        KeyRange keys;
        Incarnation owner;
        long epoch = 1;
        double measured;

        Range(RangeId id, KeyRange keys, Incarnation owner) {
            this.id = id;
            this.keys = keys;
            this.owner = owner;
        }
    }

    private final SplittableRandom random;
    private final long[] slots; // of the keys, in order
    private final double[] sums; // of their loads, up to each
    private final double heaviest;
    private final List<Range> ranges = new ArrayList<>();
    private final Map<Incarnation, Long> members = new HashMap<>(); // and when each came
    private final Map<Long, Double> guests = new HashMap<>(); // keys that are hot for a while, by slot
    private final Map<RangeId, Incarnation> former = new HashMap<>();
    private long second;
    private int nextRange = 1;
    private int nextMember = 1;
    int steps;
    int returns;
    double moved; // key space

    World(long seed, int instances, int keys, boolean zipf, int initialRanges, double total) {
        random = new SplittableRandom(seed);
        slots = new Random(seed).longs(keys, 0, Slot.SPACE).sorted().toArray();
        double[] loads = new double[keys];
        for (int i = 0; i < keys; i++) loads[i] = zipf ? 1.0 / (i + 1) : 1;
        shuffle(loads);
        double sum = Arrays.stream(loads).sum();
        sums = new double[keys + 1];
        double most = 0;
        for (int i = 0; i < keys; i++) {
            double load = loads[i] / sum * total;
            most = Math.max(most, load);
            sums[i + 1] = sums[i] + load;
        }
        heaviest = most;
        for (int i = 0; i < instances; i++) join();
        List<Incarnation> all = membersInOrder();
        int i = 0;
        for (KeyRange each : KeyRange.even(initialRanges))
            ranges.add(new Range(new RangeId(nextRange++), each, all.get(i++ % all.size())));
    }

    private void shuffle(double[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            double kept = values[i];
            values[i] = values[other];
            values[other] = kept;
        }
    }

    void join() {
        members.put(new Incarnation(new UUID(0, nextMember++)), second);
    }

    /// Its ranges go to the others in turn, as in a drain.
    void leave() {
        List<Incarnation> all = membersInOrder();
        Incarnation gone = all.get(random.nextInt(all.size()));
        members.remove(gone);
        List<Incarnation> others = membersInOrder();
        int i = 0;
        for (Range range : ranges) if (range.owner.equals(gone)) range.owner = others.get(i++ % others.size());
    }

    /// Somebody is hot from now on; 0: not any more.
    void visit(double load) {
        guests.clear();
        if (load > 0) guests.put(slots[random.nextInt(slots.length)], load);
    }

    int size() {
        return members.size();
    }

    private List<Incarnation> membersInOrder() {
        return members.keySet().stream()
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }

    private double load(KeyRange keys) {
        double load = sums[index(keys.hi())] - sums[index(keys.lo())];
        for (var guest : guests.entrySet()) if (keys.contains(new Slot(guest.getKey()))) load += guest.getValue();
        return load;
    }

    private int index(long slot) {
        int found = Arrays.binarySearch(slots, slot);
        return found >= 0 ? found : -found - 1;
    }

    /// The time goes on and every range is measured.
    void measure(long seconds) {
        second += seconds;
        for (Range range : ranges) {
            double seen = load(range.keys) * (1 + NOISE * (2 * random.nextDouble() - 1));
            range.measured = range.measured * (1 - SMOOTHING) + seen * SMOOTHING;
        }
    }

    Snapshot snapshot() {
        return new Snapshot(
                membersInOrder().stream()
                        .map(id -> new Member(
                                id, "i-" + id.id().getLeastSignificantBits(), second - members.get(id) >= 30))
                        .toList(),
                ranges.stream().map(this::part).toList());
    }

    private Part part(Range range) {
        return new Part(
                range.id,
                "customer",
                range.keys,
                new Epoch(range.epoch),
                range.owner,
                false,
                false,
                range.measured,
                hot(range));
    }

    private List<Hot> hot(Range range) {
        int from = index(range.keys.lo());
        int to = index(range.keys.hi());
        double all = load(range.keys);
        if (all <= 0) return List.of();
        for (var guest : guests.entrySet())
            if (range.keys.contains(new Slot(guest.getKey())) && guest.getValue() > all / 2)
                return List.of(new Hot(new Slot(guest.getKey()), guest.getValue() / all));
        if (to - from > 50_000) return List.of(); // no single key is half of so many
        for (int i = from; i < to; i++)
            if (sums[i + 1] - sums[i] > all / 2)
                return List.of(new Hot(new Slot(slots[i]), (sums[i + 1] - sums[i]) / all));
        return List.of();
    }

    void carryOut(List<Step> wanted) {
        for (Step step : wanted) {
            Range range = ranges.stream()
                    .filter(one -> one.id.equals(step.range()))
                    .findFirst()
                    .orElseThrow();
            steps++;
            switch (step) {
                case Step.Move move -> {
                    if (move.to().equals(former.put(range.id, range.owner))) returns++;
                    moved += range.keys.share();
                    range.owner = move.to();
                }
                case Step.Split split -> {
                    var second =
                            new Range(new RangeId(nextRange++), new KeyRange(split.at(), range.keys.hi()), range.owner);
                    range.keys = new KeyRange(range.keys.lo(), split.at());
                    double both = range.measured;
                    double first = load(range.keys);
                    double other = load(second.keys);
                    range.measured = first + other > 0 ? both * first / (first + other) : 0;
                    second.measured = both - range.measured;
                    ranges.add(second);
                }
                case Step.Merge merge -> {
                    Range next = ranges.stream()
                            .filter(one -> one.keys.lo() == range.keys.hi())
                            .findFirst()
                            .orElseThrow();
                    ranges.remove(next);
                    range.keys = new KeyRange(range.keys.lo(), next.keys.hi());
                    range.measured += next.measured;
                }
            }
            range.epoch++;
        }
    }

    int ranges() {
        return ranges.size();
    }

    /// The fullest over the mean, or over the heaviest key where that alone is more than the mean: below that no split
    /// can get.
    double imbalance() {
        var carried = new HashMap<Incarnation, Double>();
        members.keySet().forEach(id -> carried.put(id, 0.0));
        for (Range range : ranges) carried.merge(range.owner, load(range.keys), Double::sum);
        double sum = carried.values().stream().mapToDouble(Double::doubleValue).sum();
        double most =
                carried.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double guest =
                guests.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return most / Math.max(sum / members.size(), Math.max(heaviest, guest));
    }
}
