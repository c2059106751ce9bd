package plumb.balance;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

/// Puts together what splits have left behind, once it is cold: the narrowest first. Neighbours of one owner are
/// merged, others are brought together first.
///
/// Only pieces of what was one range when the domain began. So there are never fewer ranges than it began with, and all
/// pieces come together again in the end: a mere count would be reached by merging neighbours that were never one while
/// the piece between them is still hot, and then that one would stay a sliver for ever.
final class Merging {
    /// Neighbours are cold if both together weigh less than the average range, or cost next to nothing.
    private record Neighbours(Part low, Part high, double weight, double average) {
        boolean haveOneOwner() {
            return Objects.equals(low.owner(), high.owner());
        }

        long width() {
            return high.keys().hi() - low.keys().lo();
        }

        boolean wereOne(int initialRanges) {
            return KeyRange.evenPlace(low.keys().lo(), initialRanges)
                    == KeyRange.evenPlace(high.keys().hi() - 1, initialRanges);
        }

        String why() {
            return "two cold neighbours, together %s, an average range weighs %s"
                    .formatted(Planner.number(weight), Planner.number(average));
        }
    }

    private final Snapshot snapshot;
    private final Scales scales;
    private final PlannerSettings settings;
    private final int initialRanges;

    Merging(Snapshot snapshot, Scales scales, PlannerSettings settings, int initialRanges) {
        this.snapshot = snapshot;
        this.scales = scales;
        this.settings = settings;
        this.initialRanges = initialRanges;
    }

    /// @param most so many at most
    List<Step> steps(int most) {
        return snapshot.parts().stream()
                .collect(groupingBy(Part::domain, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(domain -> stepsOf(domain).stream())
                .limit(most)
                .toList();
    }

    private List<Step> stepsOf(List<Part> domain) {
        var steps = new ArrayList<Step>();
        Set<RangeId> touched = new HashSet<>();
        for (Neighbours both : cold(domain)) {
            if (touched.contains(both.low().id())
                    || touched.contains(both.high().id())) continue;
            step(both).ifPresent(step -> {
                steps.add(step);
                touched.addAll(List.of(both.low().id(), both.high().id()));
            });
        }
        return steps;
    }

    private Optional<Step> step(Neighbours both) {
        return both.haveOneOwner()
                ? Optional.of(new Step.Merge(both.low().id(), both.low().epoch(), both.why()))
                : together(both);
    }

    /// The narrowest first.
    private List<Neighbours> cold(List<Part> domain) {
        double average = domain.stream().mapToDouble(scales::weight).average().orElse(0);
        List<Part> inOrder = domain.stream()
                .sorted(Comparator.comparingLong(part -> part.keys().lo()))
                .toList();
        return IntStream.range(0, inOrder.size() - 1)
                .mapToObj(i -> neighbours(inOrder.get(i), inOrder.get(i + 1), average))
                .filter(both -> both.wereOne(initialRanges))
                .filter(both -> isFree(both.low()) && isFree(both.high()) && isCold(both))
                .sorted(Comparator.comparingLong(Neighbours::width))
                .toList();
    }

    private Neighbours neighbours(Part low, Part high, double average) {
        return new Neighbours(low, high, scales.weight(low) + scales.weight(high), average);
    }

    private boolean isCold(Neighbours both) {
        return both.low().load() + both.high().load() <= settings.leastGain() || both.weight() <= both.average();
    }

    private static boolean isFree(Part part) {
        return !part.busy() && !part.pinned() && part.owner() != null;
    }

    /// The narrower one goes to the other one's owner, because it has fewer keys to move; unless that would be too full
    /// then.
    private Optional<Step> together(Neighbours both) {
        boolean lowGoes = both.low().keys().share() <= both.high().keys().share();
        Part goes = lowGoes ? both.low() : both.high();
        Incarnation to = Objects.requireNonNull(
                lowGoes ? both.high().owner() : both.low().owner());
        if (scales.of(to) + scales.weight(goes) > scales.mean() * (1 + settings.threshold())) return Optional.empty();
        scales.move(goes, to);
        return Optional.of(new Step.Move(goes.id(), goes.epoch(), to, "to be merged: " + both.why()));
    }
}
