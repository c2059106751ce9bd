package plumb.client;

import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.KeyType;
import plumb.keyspace.Slot;

/// A domain's routing table as an instance told it. Immutable.
final class RouteTable {
    /// @param owner name of the instance; null, as its address: nobody
    record Range(
            long lo,
            long hi,
            @Nullable String owner,
            @Nullable URI base,
            long epoch) {}

    private final long version;
    private final KeyType keys;
    private final Range[] ranges;
    private final long[] los;
    private final Set<URI> bases = new LinkedHashSet<>();

    private RouteTable(long version, KeyType keys, Range[] ranges) {
        this.version = version;
        this.keys = keys;
        this.ranges = ranges;
        this.los = Arrays.stream(ranges).mapToLong(Range::lo).toArray();
        for (Range range : ranges) if (range.base() != null) bases.add(range.base());
    }

    /// @throws IllegalArgumentException if the text is no routing table, or one for another function from key to slot
    static RouteTable parse(String json) {
        Map<?, ?> table = as(Map.class, Json.parse(json));
        long function = as(Long.class, table.get("function"));
        if (function != Slot.FUNCTION_VERSION)
            throw new IllegalArgumentException("slots are computed by function " + function + ", not "
                    + Slot.FUNCTION_VERSION + ": this client is of another version");
        List<?> rows = as(List.class, table.get("ranges"));
        Range[] ranges = rows.stream()
                .map(range -> range(as(Map.class, range)))
                .sorted(Comparator.comparingLong(Range::lo))
                .toArray(Range[]::new);
        KeyType keys = KeyType.valueOf(as(String.class, table.get("keys")));
        return new RouteTable(as(Long.class, table.get("version")), keys, ranges);
    }

    private static Range range(Map<?, ?> range) {
        Map<?, ?> owner = range.get("owner") == null ? Map.of() : as(Map.class, range.get("owner"));
        return new Range(
                as(Long.class, range.get("lo")),
                as(Long.class, range.get("hi")),
                owner.isEmpty() ? null : as(String.class, owner.get("name")),
                owner.isEmpty() ? null : Doors.base(URI.create(as(String.class, owner.get("url")))),
                as(Long.class, range.get("epoch")));
    }

    private static <T> T as(Class<T> type, @Nullable Object value) {
        if (!type.isInstance(value)) throw new IllegalArgumentException("no routing table: " + value);
        return type.cast(Objects.requireNonNull(value));
    }

    /// Null: the key is none of this domain, or no range has it.
    @Nullable
    Range find(String key) {
        try {
            return find(Slot.of(keys.canonical(key)));
        } catch (IllegalArgumentException e) {
            return null; // the instance says what is wrong with it
        }
    }

    private @Nullable Range find(Slot slot) {
        int i = Arrays.binarySearch(los, slot.value());
        int candidate = i >= 0 ? i : -i - 2; // the last range that begins at or before the slot
        return candidate >= 0 && slot.value() < ranges[candidate].hi() ? ranges[candidate] : null;
    }

    long version() {
        return version;
    }

    /// The addresses of all owners.
    Set<URI> bases() {
        return bases;
    }
}
