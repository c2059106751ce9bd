package plumb.balance;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import plumb.balance.Snapshot.Hot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;

/// Plans one round. Pure.
///
/// Splits what is too heavy to be placed well, moves from the fullest to the emptiest as long as that is worth it, and
/// merges neighbours that splits have left behind, once they are cold.
public final class Planner {
    /// A range above this part of the mean is too coarse to balance with.
    private static final double TOO_HEAVY = 0.3;
    private static final double IN_NEED = 1.5;
    /// A key above this part of its range's load is cut out.
    private static final double STANDS_OUT = 0.5;
    /// A move that lowers the fullest by less than this part of what it moves is not worth it.
    private static final double LEAST_EFFECT = 0.2;

    /// Whoever has nothing gets his part within so many, however many ranges there are.
    private static final int ROUNDS_IN_NEED = 32;

    private final PlannerSettings settings;
    private final int initialRanges;

    /// @param initialRanges of a domain: merges put together what was one of them
    public Planner(PlannerSettings settings, int initialRanges) {
        this.settings = settings;
        this.initialRanges = initialRanges;
    }

    /// What to do now. The same snapshot gives the same plan.
    public Plan plan(Snapshot snapshot) {
        if (snapshot.members().isEmpty()) return new Plan(List.of(), 1, 1);
        return new Round(snapshot).plan();
    }

    /// What one member has of one domain.
    private record Held(String domain, Incarnation by) {}

    private final class Round {
        private final Snapshot snapshot;
        private final Scales scales;
        private final double before;
        private final int most;
        private final List<Step> steps = new ArrayList<>();
        private final Set<RangeId> touched = new HashSet<>();
        private final Set<Incarnation> warmedUp = new HashSet<>();
        private final Map<Held, Long> counts; // as the snapshot has them, not as the steps change them

        Round(Snapshot snapshot) {
            this.snapshot = snapshot;
            this.counts = snapshot.parts().stream()
                    .filter(part -> part.owner() != null)
                    .collect(groupingBy(part -> new Held(part.domain(), requireNonNull(part.owner())), counting()));
            this.scales = new Scales(snapshot, settings.leastGain());
            this.before = scales.worst();
            boolean newcomers = snapshot.members().stream().anyMatch(one -> scales.of(one) < scales.mean() / 2);
            int inNeed = Math.max(settings.stepsInNeed(), snapshot.parts().size() / ROUNDS_IN_NEED);
            int rationed = newcomers || before > IN_NEED ? inNeed : settings.steps();
            // steps that disturb nobody need not be rationed
            this.most = scales.idle() ? snapshot.parts().size() : rationed;
        }

        Plan plan() {
            split();
            move();
            if (steps.isEmpty()) steps.addAll(new Merging(snapshot, scales, settings, initialRanges).steps(most));
            return new Plan(steps, before, scales.worst());
        }

        /// Only while somebody is too full: a heavy range harms nobody who has the room for it.
        private void split() {
            if (scales.worst() <= 1 + settings.threshold()) return;
            List<Part> heavy = snapshot.parts().stream()
                    .filter(this::isFree)
                    .filter(part -> part.load() > settings.leastGain()
                            && scales.weight(part) > TOO_HEAVY * scales.mean()
                            && isOfTheFull(part))
                    .sorted(Comparator.comparingDouble(Part::load)
                            .reversed()
                            .thenComparingInt(part -> part.id().value()))
                    .toList();
            for (Part part : heavy) {
                if (isFull() || countOf(part.domain()) >= settings.ranges()) return;
                cut(part)
                        .ifPresent(at -> add(new Step.Split(
                                part.id(),
                                part.epoch(),
                                at,
                                "%s of work per second on one range, the mean of an instance is %s"
                                        .formatted(number(part.load()), number(scales.mean())))));
            }
        }

        private boolean isOfTheFull(Part part) {
            return part.owner() != null && scales.of(part.owner()) > scales.mean() * (1 + settings.threshold());
        }

        /// A hot key is cut out, below and above it; else the middle. Empty: it is alone already.
        private Optional<Long> cut(Part part) {
            long lo = part.keys().lo();
            long hi = part.keys().hi();
            if (hi - lo < 2) return Optional.empty();
            for (Hot key : part.hot()) {
                if (key.share() < STANDS_OUT) continue;
                long slot = key.slot().value();
                if (slot > lo && slot < hi) return Optional.of(slot);
                if (slot == lo) return Optional.of(lo + 1);
            }
            return Optional.of(lo + (hi - lo) / 2);
        }

        private void move() {
            Map<Incarnation, Map<String, Movable>> movable = movable();
            while (!isFull()) {
                Member fullest = snapshot.members().stream()
                        .max(Comparator.comparingDouble((Member one) -> scales.of(one))
                                .thenComparing(Member::name))
                        .orElseThrow();
                Optional<Step.Move> best = bestFrom(
                        fullest, movable.getOrDefault(fullest.id(), Map.of()).values());
                if (best.isEmpty()) return;
                add(best.get());
            }
        }

        /// By owner and domain.
        private Map<Incarnation, Map<String, Movable>> movable() {
            Map<Incarnation, Map<String, Movable>> movable = new HashMap<>();
            for (Part part : snapshot.parts())
                if (isFree(part) && !part.pinned())
                    movable.computeIfAbsent(requireNonNull(part.owner()), owner -> new HashMap<>())
                            .computeIfAbsent(part.domain(), domain -> new Movable())
                            .add(part, scales.weight(part));
            return movable;
        }

        private Optional<Step.Move> bestFrom(Member fullest, Collection<Movable> movable) {
            double excess = scales.of(fullest) - scales.mean();
            Member emptiest = snapshot.members().stream()
                    .filter(one -> one.warm() || scales.idle() || !warmedUp.contains(one.id()))
                    .min(Comparator.comparingDouble((Member one) -> scales.of(one))
                            .thenComparing(Member::name))
                    .orElse(fullest);
            double gap = scales.of(fullest) - scales.of(emptiest);
            if (excess <= settings.threshold() * scales.mean() && !isStarving(emptiest)) return Optional.empty();
            if (!scales.idle() && gap < settings.leastGain()) return Optional.empty();
            Optional<Part> best = movable.stream()
                    .flatMap(parts -> parts.around(gap / 2)) // there its effect is greatest
                    .filter(part -> effect(part, gap) > LEAST_EFFECT * scales.weight(part))
                    .max(Comparator.comparingDouble((Part part) -> effect(part, gap))
                            .thenComparingLong(part -> lead(part.domain(), fullest, emptiest))
                            .thenComparingInt(part -> -part.id().value()));
            best.ifPresent(part -> movable.forEach(parts -> parts.remove(part, scales.weight(part))));
            return best.map(part -> moved(part, fullest, emptiest));
        }

        /// A newcomer, or nearly so: its share is worth moves that a slight imbalance is not.
        private boolean isStarving(Member member) {
            return scales.of(member) < scales.mean() * (1 - 2 * settings.threshold());
        }

        /// By how much the fuller of the two gets lighter.
        private double effect(Part part, double gap) {
            return Math.min(scales.weight(part), gap - scales.weight(part));
        }

        /// Each domain is to be spread, not only their sum.
        private long lead(String domain, Member from, Member to) {
            return count(domain, from) - count(domain, to);
        }

        private long count(String domain, Member of) {
            return counts.getOrDefault(new Held(domain, of.id()), 0L);
        }

        private Step.Move moved(Part part, Member from, Member to) {
            var step = new Step.Move(
                    part.id(),
                    part.epoch(),
                    to.id(),
                    "%s carries %s, %s carries %s, the mean is %s; this range weighs %s"
                            .formatted(
                                    from.name(),
                                    number(scales.of(from)),
                                    to.name(),
                                    number(scales.of(to)),
                                    number(scales.mean()),
                                    number(scales.weight(part))));
            scales.move(part, to.id());
            warmedUp.add(to.id());
            return step;
        }

        private void add(Step step) {
            steps.add(step);
            touched.add(step.range());
        }

        private boolean isFull() {
            return steps.size() >= most;
        }

        private boolean isFree(Part part) {
            return !part.busy() && part.owner() != null && !touched.contains(part.id());
        }

        private long countOf(String domain) {
            return snapshot.parts().stream()
                    .filter(part -> part.domain().equals(domain))
                    .count();
        }
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
