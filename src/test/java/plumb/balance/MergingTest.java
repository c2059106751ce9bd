package plumb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

/// What splits have left behind, on two instances.
class MergingTest {
    private static final Incarnation A = new Incarnation(new UUID(0, 1));
    private static final Incarnation B = new Incarnation(new UUID(0, 2));
    private static final double HOT = 0.1;

    private static List<Step> plan(int initialRanges, Part... parts) {
        var planner = new Planner(PlannerSettings.defaults(), initialRanges);
        return planner.plan(new Snapshot(List.of(new Member(A, "a", true), new Member(B, "b", true)), List.of(parts)))
                .steps();
    }

    /// Even ranges of these owners, all idle.
    private static Part[] owned(Incarnation... owners) {
        List<KeyRange> even = KeyRange.even(owners.length);
        return IntStream.range(0, owners.length)
                .mapToObj(i -> new Part(
                        new RangeId(i + 1),
                        "customer",
                        even.get(i),
                        new Epoch(1),
                        owners[i],
                        false,
                        false,
                        0,
                        List.of()))
                .toArray(Part[]::new);
    }

    private static Part[] with(Part[] parts, int place, double load) {
        Part[] changed = Arrays.copyOf(parts, parts.length);
        changed[place] = parts[place].carrying(load, List.of());
        return changed;
    }

    @Test
    void coldNeighboursOfOneOwnerBecomeOne() {
        assertThat(plan(4, owned(A, A, A, A, B, B, B, B)))
                .extracting(Step::range)
                .containsExactly(new RangeId(1), new RangeId(3), new RangeId(5), new RangeId(7));
    }

    @Test
    void butOnlyIfTheyWereOneInTheBeginning() {
        assertThat(plan(2, owned(A, A, A, B, B, B)))
                .as("of [1 2 3] and [4 5 6]")
                .extracting(Step::range)
                .containsExactly(new RangeId(1), new RangeId(4));
        assertThat(plan(6, owned(A, A, A, B, B, B))).isEmpty();
    }

    /// What the hot one's neighbours could be merged with instead was never one with them.
    @Test
    void thePiecesAroundAHotOneWaitForIt() {
        Part[] all = owned(A, A, A, A, A, A, B, B, B, B, B, B);
        assertThat(plan(4, with(with(all, 1, HOT), 7, HOT)))
                .as("[1 2 3] and [7 8 9] are not cold; 3 and 4, 6 and 7 were never one")
                .extracting(Step::range)
                .containsExactly(new RangeId(4), new RangeId(10));
    }

    /// Whole ranges stay as they are and the pieces come together.
    @Test
    void theNarrowestComeFirst() {
        Part[] all = owned(A, A, A, B);
        Part whole = all[3];
        all = Arrays.copyOf(all, 6);
        long lo = whole.keys().lo();
        long[] bounds = {lo, lo + 1_000, lo + 1_001, whole.keys().hi()};
        for (int i = 0; i < 3; i++)
            all[3 + i] = new Part(
                    new RangeId(11 + i),
                    "customer",
                    new KeyRange(bounds[i], bounds[i + 1]),
                    new Epoch(1),
                    B,
                    false,
                    false,
                    0,
                    List.of());

        assertThat(plan(4, all)).extracting(Step::range).containsExactly(new RangeId(11));
        assertThat(plan(4, all)).allMatch(Step.Merge.class::isInstance);
    }

    @Test
    void neighboursOfDifferentOwnersAreBroughtTogetherFirst() {
        Incarnation[] each =
                IntStream.range(0, 24).mapToObj(i -> i % 2 == 0 ? A : B).toArray(Incarnation[]::new);

        assertThat(plan(12, owned(each))).first().isInstanceOfSatisfying(Step.Move.class, move -> {
            assertThat(move.range()).isEqualTo(new RangeId(1));
            assertThat(move.to()).isEqualTo(B);
            assertThat(move.reason()).startsWith("to be merged");
        });
    }

    @Test
    void notIfThatWouldMakeTheTakerTooFull() {
        assertThat(plan(2, owned(A, B, A, B))).isEmpty();
    }

    @Test
    void whatIsWarmStaysApart() {
        Part[] warm = owned(A, A, B, B);
        for (int i = 0; i < warm.length; i++) warm = with(warm, i, HOT);

        assertThat(plan(2, warm)).isEmpty();
    }
}
