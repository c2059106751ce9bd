package bench;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.RangeRow;

/// Rows of clusters of any size that nobody has to start.
public final class MadeUp {
    /// The domain of its ranges.
    public static final String DOMAIN = "customer";

    private MadeUp() {}

    public static List<InstanceRow> instances(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> new InstanceRow(
                        new Incarnation(new UUID(i, i)), info("pizza-" + i), InstanceRow.State.ALIVE, 0))
                .toList();
    }

    public static InstanceInfo info(String name) {
        return new InstanceInfo(
                name, "http://" + name + ".pizza:8080/plumb", "https://" + name + ".pizza.example", "1");
    }

    public static Map<Incarnation, InstanceRow> byId(List<InstanceRow> instances) {
        return instances.stream().collect(Collectors.toMap(InstanceRow::incarnation, Function.identity()));
    }

    /// Even ranges, owned by these in turn, as of routing version 1.
    public static List<RangeRow> ranges(int many, List<InstanceRow> owners) {
        List<KeyRange> even = KeyRange.even(many);
        return IntStream.range(0, many)
                .mapToObj(i -> new RangeRow(
                        new RangeId(i),
                        DOMAIN,
                        even.get(i),
                        owners.get(i % owners.size()).incarnation(),
                        new Epoch(1),
                        null,
                        1))
                .toList();
    }

    /// That range after it has moved.
    public static RangeRow moved(RangeRow row, InstanceRow to, long version) {
        return new RangeRow(
                row.range(),
                row.domain(),
                row.keys(),
                to.incarnation(),
                new Epoch(row.epoch().value() + 1),
                null,
                version);
    }
}
