package plumb.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The slot function is a wire format: these values may never change.
class SlotTest {
    /// Computed by an independent implementation of FNV-1a (64 bit) and Murmur3's finaliser, too.
    private static final Map<String, Long> GOLDEN = Map.ofEntries(
            Map.entry("", 4023394144L),
            Map.entry("a", 2191698264L),
            Map.entry("7", 3477667753L),
            Map.entry("-1", 915447319L),
            Map.entry("9223372036854775807", 4122568247L),
            Map.entry("00000000-0000-0000-0000-000000000000", 506330786L),
            Map.entry("ffffffff-ffff-ffff-ffff-ffffffffffff", 1458130642L),
            Map.entry("7b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e", 397608004L),
            Map.entry("01926a00-0000-7000-8000-000000000000", 2262649416L),
            Map.entry("01926a00-0000-7000-8000-000000000001", 3264403466L),
            Map.entry("joe@example.com", 1511909072L),
            Map.entry("pizzeria-napoli", 2222316085L),
            Map.entry("Zürich", 615655457L),
            Map.entry("東京", 3070281065L));

    @Test
    void isFrozen() {
        GOLDEN.forEach((key, slot) -> assertThat(Slot.of(key).value()).as(key).isEqualTo(slot));
    }

    @Test
    void twoSpellingsOfAKeyHaveOneSlot() {
        String lower = "7b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e";
        Key a = Key.of("customer", KeyType.UUID, lower);
        Key b = Key.of("customer", KeyType.UUID, lower.toUpperCase(java.util.Locale.ROOT));

        assertThat(b).isEqualTo(a);
        assertThat(b.slot()).isEqualTo(a.slot());
        assertThat(Key.of("n", KeyType.LONG, "+007").slot())
                .isEqualTo(Key.of("n", KeyType.LONG, "7").slot());
    }

    /// `UUID.fromString` takes them all for a UUID.
    @Test
    void aUuidHasItsUsualForm() {
        for (String odd : List.of(
                "1-1-1-1-1",
                "0000000000000000000000001-1-1-1-0001",
                "+b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e",
                "7b0e3f9c-5d0a-4c0e-9f62-+a4f0c1b2d3e",
                "7b0e3f9c-5d0a-4c0e-9f6-23a4f0c1b2d3e",
                "\uff17b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e",
                "7b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e "))
            assertThatThrownBy(() -> Key.of("customer", KeyType.UUID, odd))
                    .as(odd)
                    .isInstanceOf(IllegalArgumentException.class);
    }

    /// Version 7 UUIDs of one minute share their first bytes.
    @Test
    void keysMadeAtTheSameTimeAreSpreadOverAllRanges() {
        List<KeyRange> ranges = KeyRange.even(64);
        var hits = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 64_000; i++) {
            var key = new UUID(0x0192_6a00_0000_7000L + ((long) i << 16), 0x8000_0000_0000_0000L + i);
            Slot slot = Slot.of(key.toString());
            for (int r = 0; r < ranges.size(); r++) if (ranges.get(r).contains(slot)) hits.merge(r, 1, Integer::sum);
        }

        assertThat(hits).hasSize(64);
        assertThat(hits.values()).allMatch(count -> count > 800 && count < 1_200);
    }

    @Test
    void evenRangesTileTheSlotsInOrder() {
        for (int count : new int[] {1, 3, 64, 1_000}) {
            long next = 0;
            for (KeyRange range : KeyRange.even(count)) {
                assertThat(range.lo()).isEqualTo(next);
                next = range.hi();
            }
            assertThat(next).isEqualTo(Slot.SPACE);
        }
    }
}
