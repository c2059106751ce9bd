package plumb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import plumb.balance.Budget.Spent;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

class BalancerStaysWithinBudgetTest {
    private static final int RANGES = 64;
    private static final Incarnation A = new Incarnation(new UUID(0, 1));
    private static final Incarnation B = new Incarnation(new UUID(0, 2));

    private final Planner planner = new Planner(PlannerSettings.defaults(), RANGES);

    private static Snapshot world(double... loads) {
        List<KeyRange> even = new ArrayList<>();
        KeyRange.even(RANGES).forEach(even::add);
        List<Part> parts = IntStream.range(0, RANGES)
                .mapToObj(i -> new Part(
                        new RangeId(i + 1),
                        "customer",
                        even.get(i),
                        new Epoch(1),
                        A,
                        false,
                        false,
                        loads[i % loads.length],
                        List.of()))
                .toList();
        return new Snapshot(List.of(new Member(A, "a", true), new Member(B, "b", true)), parts);
    }

    @Test
    void noMoreMovesThanAMinuteMayHave() {
        Snapshot world = world(0.1);
        Plan plan = planner.plan(world);
        assertThat(plan.steps()).hasSizeGreaterThan(5);

        var allowed = new Budget(5, 0, 1).of(plan, world, new Spent(2, 0));

        assertThat(allowed.steps()).hasSize(3).isEqualTo(plan.steps().subList(0, 3));
        assertThat(allowed.cost().moves()).isEqualTo(3);
        assertThat(allowed.all()).isFalse();
        assertThat(new Budget(5, 0, 1).of(plan, world, new Spent(5, 0)).steps()).isEmpty();
    }

    /// Or a cluster of many ranges would be balanced next week.
    @Test
    void manyRangesMayHaveMore() {
        Snapshot world = world(0.1);
        Plan plan = planner.plan(world);

        var allowed = new Budget(5, 0.25, 1).of(plan, world, new Spent(RANGES / 4 - 7, 0));

        assertThat(allowed.cost().moves()).isEqualTo(7);
    }

    @Test
    void noMoreOfTheKeySpaceThanAnHourMayHave() {
        Snapshot world = world(0.1);
        Plan plan = planner.plan(world);

        var allowed = new Budget(1_000, 0, 4.0 / RANGES).of(plan, world, new Spent(0, 1.0 / RANGES));

        assertThat(allowed.steps()).hasSize(3);
        assertThat(allowed.cost().keySpace()).isCloseTo(3.0 / RANGES, within(1e-12));
    }

    @Test
    void splitsCostNothing() {
        Snapshot world = world(5, 0.01, 0.01, 0.01);
        var splits = new Plan(List.of(new Step.Split(new RangeId(1), new Epoch(1), 10, "heavy")), 2, 2);

        assertThat(new Budget(1, 0, 0.001).of(splits, world, new Spent(1, 1)).all())
                .isTrue();
    }

    @Test
    void noiseMovesNothing() {
        assertThat(planOfShared(IntStream.range(0, RANGES)
                        .mapToDouble(i -> 0.1 + 0.005 * (i % 3))
                        .toArray()))
                .isEmpty();
    }

    /// Of the loads of an hour ago.
    @Test
    void whatIsLeftOfOldLoadsMovesNothing() {
        assertThat(planOfShared(IntStream.range(0, RANGES)
                        .mapToDouble(i -> i % 2 == 0 ? 0 : 1e-4 * i / RANGES)
                        .toArray()))
                .isEmpty();
    }

    /// The ranges belong to both in turn.
    private List<Step> planOfShared(double[] loads) {
        Snapshot all = world(loads);
        List<Part> shared = all.parts().stream()
                .map(part -> new Part(
                        part.id(),
                        part.domain(),
                        part.keys(),
                        part.epoch(),
                        part.id().value() % 2 == 0 ? A : B,
                        false,
                        false,
                        part.load(),
                        List.of()))
                .toList();

        return planner.plan(new Snapshot(all.members(), shared)).steps();
    }
}
