package plumb.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Slot;
import plumb.ownership.RangeRow;

class DomainRoutesTest {
    /// Even ranges, slivers of hot keys side by side, a single one, and such that a late row has left a hole between.
    @Test
    void aLookUpFindsWhatASearchThroughAllFinds() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int table = 0; table < 300; table++) {
            TreeMap<Long, RangeRow> rows = rows(cuts(random), random.nextInt(3) == 0 ? random.nextInt(8) : -1);
            DomainRoutes routes = DomainRoutes.of(rows, null, Map.of());

            slots(rows, random)
                    .forEach(slot -> assertThat(routes.find(slot))
                            .as("slot %s of %s, seed %s", slot, rows.values(), seed)
                            .isEqualTo(routes.all().stream()
                                    .filter(route -> route.keys().contains(slot))
                                    .findFirst()
                                    .orElse(null)));
        }
    }

    private static TreeSet<Long> cuts(Random random) {
        var cuts = new TreeSet<>(List.of(0L, Slot.SPACE));
        int even = 1 + random.nextInt(8);
        KeyRange.even(even).forEach(range -> cuts.add(range.lo()));
        long hot = random.nextLong(Slot.SPACE - 100);
        for (int i = random.nextInt(20); i > 0; i--) cuts.add(hot + 1 + random.nextInt(50));
        for (int i = random.nextInt(5); i > 0; i--) cuts.add(random.nextLong(Slot.SPACE));
        return cuts;
    }

    /// @param without that one, if there are more
    private static TreeMap<Long, RangeRow> rows(TreeSet<Long> cuts, int without) {
        var rows = new TreeMap<Long, RangeRow>();
        int id = 0;
        for (long lo : cuts.headSet(Slot.SPACE)) {
            var keys = new KeyRange(
                    lo, cuts.stream().filter(cut -> cut > lo).findFirst().orElseThrow());
            if (id++ != without || cuts.size() < 3)
                rows.put(lo, new RangeRow(new RangeId(id), "d", keys, null, new Epoch(1), null, 1));
        }
        return rows;
    }

    private static Stream<Slot> slots(TreeMap<Long, RangeRow> rows, Random random) {
        return Stream.concat(
                        rows.values().stream()
                                .flatMap(row -> Stream.of(
                                        row.keys().lo() - 1,
                                        row.keys().lo(),
                                        row.keys().hi() - 1)),
                        random.longs(20, 0, Slot.SPACE).boxed())
                .filter(slot -> slot >= 0)
                .map(Slot::new);
    }
}
