package plumb.keyspace;

/// The id of a leased range (`range_id`); from a sequence, never reused.
public record RangeId(int value) implements Comparable<RangeId> {
    @Override
    public int compareTo(RangeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
