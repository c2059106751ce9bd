package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Epoch;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;

class KnownRangesTest {
    private static final long SEED = 20_261_129;
    private static final int PLACES = 24;
    private static final int RANGES = 30;

    @Test
    void aRowReplacesItsFormerSelfAndWhateverItOverlapsInItsDomain() {
        var random = new Random(SEED);
        var known = new KnownRanges();
        Map<RangeId, RangeRow> expected = new TreeMap<>();

        for (int i = 0; i < 5_000; i++) {
            RangeRow row = any(random);
            known.put(row);

            expected.values()
                    .removeIf(other -> other.domain().equals(row.domain())
                            && other.keys().overlaps(row.keys())
                            && !other.range().equals(row.range()));
            expected.put(row.range(), row);
            assertThat(known.rows()).as("row %d of seed %d", i, SEED).containsExactlyElementsOf(expected.values());
        }
    }

    private static RangeRow any(Random random) {
        int id = random.nextInt(RANGES);
        long lo = random.nextInt(PLACES);
        var keys = new KeyRange(lo, lo + 1 + random.nextInt(3));
        String domain = id % 2 == 0 ? "customer" : "pizzeria";
        return new RangeRow(new RangeId(id), domain, keys, null, new Epoch(1), null, 1);
    }
}
