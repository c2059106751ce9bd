package plumb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import plumb.balance.Snapshot.Hot;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;

class WhatIfTest {
    private static final Planner PLANNER = new Planner(PlannerSettings.defaults(), 6);
    private static final List<Member> THREE = List.of(member(1), member(2), member(3));
    private static final Slot HOT = new Slot(150);

    private static Member member(int number) {
        return new Member(new Incarnation(new UUID(0, 1_000 + number)), "instance-" + number, true);
    }

    /// Two ranges for each.
    private static Snapshot even() {
        return even(6);
    }

    /// Ranges of a hundred slots, of the same load.
    private static Snapshot even(int ranges) {
        var parts = new ArrayList<Part>();
        for (int i = 0; i < ranges; i++)
            parts.add(new Part(
                    new RangeId(i + 1),
                    "customer",
                    new KeyRange(i * 100L, (i + 1) * 100L),
                    new Epoch(1),
                    THREE.get(i % 3).id(),
                    false,
                    false,
                    0.1,
                    List.of()));
        return new Snapshot(THREE, parts);
    }

    private static long owned(Snapshot snapshot, Member by) {
        return snapshot.parts().stream()
                .filter(part -> by.id().equals(part.owner()))
                .count();
    }

    @Test
    void whoeverIsLeftGetsTheRangesOfWhoLeaves() {
        Snapshot after = WhatIf.without(even(), THREE.get(1).id());

        assertThat(after.members()).containsExactly(THREE.get(0), THREE.get(2));
        assertThat(owned(after, THREE.get(0))).isEqualTo(3);
        assertThat(owned(after, THREE.get(2))).isEqualTo(3);
        assertThat(PLANNER.plan(after).steps()).isEmpty();
    }

    @Test
    void nobodyIsLeft() {
        Snapshot alone = new Snapshot(List.of(THREE.get(0)), even().parts());

        assertThat(PLANNER.plan(WhatIf.without(alone, THREE.get(0).id())).steps())
                .isEmpty();
    }

    @Test
    void newcomersGetTheirShare() {
        Snapshot after = WhatIf.joined(even(60), 3);

        assertThat(after.members()).hasSize(6);
        assertThat(PLANNER.plan(after).steps())
                .hasSize(PlannerSettings.defaults().stepsInNeed())
                .allSatisfy(step -> assertThat(((Step.Move) step).to())
                        .isNotIn(THREE.stream().map(Member::id).toList()));
    }

    /// Its range weighs twice what it did, half of that is the key: that is split off.
    @Test
    void aKeyThatDoublesIsCutOut() {
        Snapshot after = WhatIf.doubled(even(), "customer", HOT);

        Part heavy = after.parts().get(1);
        assertThat(heavy.load()).isEqualTo(0.2);
        assertThat(heavy.hot()).containsExactly(new Hot(HOT, 0.5));
        assertThat(PLANNER.plan(after).steps())
                .filteredOn(Step.Split.class::isInstance)
                .first()
                .isEqualTo(new Step.Split(
                        heavy.id(),
                        heavy.epoch(),
                        HOT.value(),
                        PLANNER.plan(after).steps().getFirst().reason()));
        assertThat(WhatIf.doubled(even(), "pizzeria", HOT)).isEqualTo(even());
    }
}
