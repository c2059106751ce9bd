package plumb.keyspace;

/// The fencing token of a range: it only grows, and an epoch is granted once.
public record Epoch(long value) implements Comparable<Epoch> {
    public boolean isAfter(Epoch other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
