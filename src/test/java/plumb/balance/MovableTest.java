package plumb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

class MovableTest {
    private static final long SEED = 20_261_129;

    /// What fits best into a gap is what comes nearest to half of it, as [Planner] judges.
    @Test
    void whatFitsBestIsAmongTheTwoBesideHalfOfTheGap() {
        var random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            var movable = new Movable();
            Map<Part, Double> weights = new HashMap<>();
            for (int id = 0; id < 40; id++) {
                double weight = 1 + random.nextInt(12);
                weights.put(part(id), weight);
                movable.add(part(id), weight);
            }
            for (int id = 0; id < 10; id++) movable.remove(part(id), weights.remove(part(id)));
            double gap = random.nextInt(30);

            Comparator<Part> fit = Comparator.comparingDouble(
                            (Part part) -> Math.min(weights.get(part), gap - weights.get(part)))
                    .thenComparing(part -> -part.id().value());
            assertThat(movable.around(gap / 2).max(fit))
                    .as("round %d of seed %d", round, SEED)
                    .isEqualTo(weights.keySet().stream().max(fit));
        }
    }

    @Test
    void nothingIsBesideNothing() {
        assertThat(new Movable().around(1)).isEmpty();
    }

    private static Part part(int id) {
        return new Part(new RangeId(id), "customer", KeyRange.ALL, new Epoch(1), null, false, false, 0, List.of());
    }
}
