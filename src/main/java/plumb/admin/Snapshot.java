package plumb.admin;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.dispatch.Progress;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.ownership.InstanceRow;
import plumb.ownership.RangeRow;

/// Instances and ranges as the rows have them at one moment: the read model of the page.
record Snapshot(List<InstanceLine> instances, List<RangeLine> ranges) {

    /// @param dead some of which ranges still belong to
    /// @param progress of the ranges that the instance that answers holds
    /// @param me that instance; null: between two lives
    static Snapshot of(
            List<InstanceRow> instances,
            List<InstanceRow> dead,
            List<RangeRow> ranges,
            Map<Incarnation, Duration> left,
            Map<RangeId, Progress> progress,
            @Nullable Incarnation me) {
        Map<Incarnation, String> names = new HashMap<>();
        instances.forEach(row -> names.put(row.incarnation(), row.info().name()));
        dead.forEach(row -> names.put(row.incarnation(), "dead " + row.info().name()));
        long domains =
                Math.max(1, ranges.stream().map(RangeRow::domain).distinct().count());
        Map<Incarnation, List<RangeRow>> owned = ranges.stream()
                .filter(range -> range.owner() != null)
                .collect(Collectors.groupingBy(range -> Objects.requireNonNull(range.owner())));
        return new Snapshot(
                instances.stream()
                        .map(row -> line(
                                row,
                                owned.getOrDefault(row.incarnation(), List.of()),
                                domains,
                                left.get(row.incarnation()),
                                row.incarnation().equals(me)))
                        .sorted(Comparator.comparing(InstanceLine::name).thenComparing(InstanceLine::incarnation))
                        .toList(),
                ranges.stream()
                        .sorted(Comparator.comparing(RangeRow::domain)
                                .thenComparingLong(row -> row.keys().lo()))
                        .map(row -> line(row, names, left, progress.get(row.range())))
                        .toList());
    }

    private static InstanceLine line(
            InstanceRow row, List<RangeRow> own, long domains, @Nullable Duration left, boolean here) {
        double share = own.stream().mapToDouble(range -> range.keys().share()).sum() / domains;
        return InstanceLine.of(row, own.size(), share, left, here);
    }

    private static RangeLine line(
            RangeRow row,
            Map<Incarnation, String> names,
            Map<Incarnation, Duration> left,
            @Nullable Progress progress) {
        Incarnation owner = row.owner();
        Duration ofOwner = owner == null ? null : left.get(owner);
        return new RangeLine(
                row.range().value(),
                row.domain(),
                row.keys(),
                name(owner, names),
                row.epoch().value(),
                name(row.target(), names),
                row.pinned(),
                ofOwner == null ? null : Text.seconds(ofOwner),
                progress == null || progress.sinceTurn() == null ? null : Text.seconds(progress.sinceTurn()),
                progress == null || progress.oldestWork().isZero() ? null : Text.seconds(progress.oldestWork()));
    }

    /// Whoever is not among the living is dead, and his ranges are about to be claimed. Of some not even the name is
    /// left.
    private static @Nullable String name(@Nullable Incarnation of, Map<Incarnation, String> names) {
        return of == null ? null : names.getOrDefault(of, "dead " + of);
    }

    /// Of the instances.
    List<String> names() {
        return instances.stream().map(InstanceLine::name).toList();
    }

    /// A picture of each domain's keys.
    List<Bar> maps() {
        Styles styles = Styles.forAll(names());
        return ranges.stream()
                .collect(Collectors.groupingBy(RangeLine::domain, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(domain -> Bar.ofKeys(domain.getKey(), domain.getValue(), styles))
                .toList();
    }
}
