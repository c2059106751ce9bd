package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumb.Deadline;

/// Who is next.
class RankedTest {
    private final Ranked<String> waiting = new Ranked<>();

    private void add(Rank rank, int number) {
        waiting.add(new Envelope<>(rank, new Deadline(number), state -> state));
    }

    private String next() {
        Envelope<String, ?> next = Objects.requireNonNull(waiting.poll());
        return next.rank() + " " + next.deadline().nanos();
    }

    private List<String> all() {
        var all = new ArrayList<String>();
        while (!waiting.isEmpty()) all.add(next());
        return all;
    }

    @Test
    void ranksPassEachOtherAndWithinARankTheOrderIsThatOfArrival() {
        for (int i = 0; i < 2; i++)
            for (Rank rank : List.of(Rank.TICK, Rank.USUAL, Rank.ALARM, Rank.URGENT)) add(rank, i);

        assertThat(all())
                .containsExactly(
                        "URGENT 0", "URGENT 1", "ALARM 0", "ALARM 1", "USUAL 0", "USUAL 1", "TICK 0", "TICK 1");
        assertThat(waiting.poll()).isNull();
    }

    @Test
    void whoComesLateAndIsUrgentIsNext() {
        add(Rank.USUAL, 1);
        add(Rank.USUAL, 2);
        assertThat(next()).isEqualTo("USUAL 1");

        add(Rank.URGENT, 3);

        assertThat(next()).isEqualTo("URGENT 3");
    }

    @Test
    void whoHasBeenPassedSoOftenIsNextAndThenItBeginsAgain() {
        add(Rank.USUAL, 1);
        add(Rank.USUAL, 2);
        for (int i = 0; i < 3 * Ranked.MOST_PASSING; i++) add(Rank.URGENT, i);

        List<String> order = all();

        assertThat(order.indexOf("USUAL 1")).isEqualTo(Ranked.MOST_PASSING);
        assertThat(order.indexOf("USUAL 2")).isEqualTo(2 * Ranked.MOST_PASSING + 1);
    }

    /// Whatever comes: the first of a rank is passed by so many of the ranks before it, and by those of a rank after it
    /// whose turn it is meanwhile: two of each.
    @Test
    void nobodyStarves() {
        long seed = System.nanoTime();
        var luck = new Random(seed);
        Map<Rank, Integer> passed = new HashMap<>();
        for (int round = 0; round < 20_000; round++) {
            Rank rank = Rank.values()[luck.nextInt(4)];
            if (waiting.size(rank) < 5) add(rank, round);
            if (waiting.size(Rank.URGENT) == 0) add(Rank.URGENT, round);
            Rank next = Objects.requireNonNull(waiting.poll()).rank();
            passed.remove(next);
            for (Rank each : Rank.values())
                if (waiting.size(each) > 0 && each != next) passed.merge(each, 1, Integer::sum);

            assertThat(passed.values())
                    .as("passed in a row, seed " + seed)
                    .allMatch(times -> times <= Ranked.MOST_PASSING + 4);
        }
    }
}
