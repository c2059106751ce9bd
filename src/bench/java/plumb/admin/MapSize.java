package plumb.admin;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import plumb.ownership.InstanceRow;
import plumb.ownership.RangeRow;

/// How large the picture of the leases is.
public final class MapSize {
    private MapSize() {}

    /// Characters that say what is drawn; the tags around them come on top.
    public static long ofMap(List<InstanceRow> instances, List<RangeRow> ranges) {
        return Snapshot.of(instances, List.of(), ranges, Map.of(), Map.of(), null).maps().stream()
                .flatMap(map -> Stream.concat(
                        map.areas().stream().map(Bar.Area::toString),
                        map.pieces().stream().map(Bar.Piece::toString)))
                .mapToLong(String::length)
                .sum();
    }
}
