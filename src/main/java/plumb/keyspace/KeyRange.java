package plumb.keyspace;

import java.util.ArrayList;
import java.util.List;

/// A half-open interval of slots, `[lo, hi)`.
public record KeyRange(long lo, long hi) {
    /// Every slot.
    public static final KeyRange ALL = new KeyRange(0, Slot.SPACE);

    public KeyRange {
        if (lo < 0 || lo >= hi || hi > Slot.SPACE)
            throw new IllegalArgumentException("no key range: [" + lo + "," + hi + ")");
    }

    /// That one alone.
    public static KeyRange of(Slot slot) {
        return new KeyRange(slot.value(), slot.value() + 1);
    }

    public boolean contains(Slot slot) {
        return lo <= slot.value() && slot.value() < hi;
    }

    public boolean overlaps(KeyRange other) {
        return lo < other.hi && other.lo < hi;
    }

    /// The share of the key space that this range covers, `0 < share <= 1`.
    public double share() {
        return (double) (hi - lo) / Slot.SPACE;
    }

    /// `count` ranges of almost equal size that tile the whole key space in order.
    public static List<KeyRange> even(int count) {
        if (count < 1) throw new IllegalArgumentException("at least one range, not " + count);
        var ranges = new ArrayList<KeyRange>(count);
        for (int i = 0; i < count; i++) ranges.add(new KeyRange(Slot.SPACE * i / count, Slot.SPACE * (i + 1) / count));
        return List.copyOf(ranges);
    }

    /// Which of the ranges of [#even] the slot is in, `0 <= place < count`.
    public static int evenPlace(long slot, int count) {
        return (int) (((slot + 1) * count - 1) / Slot.SPACE);
    }

    @Override
    public String toString() {
        return "[" + lo + "," + hi + ")";
    }
}
