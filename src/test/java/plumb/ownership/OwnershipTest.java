package plumb.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Slot;

/// Whose a range is, by configuration alone.
class OwnershipTest {
    @ParameterizedTest(name = "{0} | {1} even ranges | {2}")
    @CsvSource(delimiter = '|', textBlock = """
            a         | 1  | a=1
            a         | 64 | a=64
            a,b       | 1  | b=1
            a,b       | 2  | a=1 b=1
            a,b       | 3  | a=2 b=1
            a,b,c     | 2  | a=1 c=1
            a,b,c     | 3  | a=1 b=1 c=1
            a,b,c     | 64 | a=21 b=22 c=21
            a,b,c,d,e | 64 | a=13 b=13 c=12 d=13 e=13
            a,b,c,d,e | 5  | a=1 b=1 c=1 d=1 e=1
            """)
    void eachNameHasAnEqualPartOfTheKeySpace(String names, int ranges, String parts) {
        var ownership = new Ownership.Static(List.of(names.split(",")));

        Map<String, Long> counts = KeyRange.even(ranges).stream()
                .map(ownership::nameOf)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(counts.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Object::toString))
                .containsExactly(parts.split(" "));
    }

    @ParameterizedTest(name = "[{0},{1}) of {2} is {3}s")
    @CsvSource({
        "0, 4294967296, a b, b",
        "0, 1, a b, a",
        "2147483647, 2147483648, a b, a",
        "2147483648, 4294967296, a b, b",
        "2147483648, 4294967296, b a, a",
        "4294967295, 4294967296, a b c, c",
        "0, 1431655765, a b c, a",
        "1431655765, 2863311530, a b c, b",
        "2863311530, 4294967296, a b c, c",
    })
    void aRangeBelongsToThePartThatHasItsMiddle(long lo, long hi, String names, String owner) {
        assertThat(new Ownership.Static(List.of(names.split(" "))).nameOf(new KeyRange(lo, hi)))
                .isEqualTo(owner);
    }

    /// However often ranges are split and merged within their parts, nobody's part changes.
    @Test
    void aSplitWithinAPartChangesNobodysPart() {
        var ownership = new Ownership.Static(List.of("a", "b"));
        for (long lo = 0; lo < Slot.SPACE; lo += Slot.SPACE / 8)
            assertThat(ownership.nameOf(new KeyRange(lo, lo + 1)))
                    .isEqualTo(ownership.nameOf(new KeyRange(lo, lo + Slot.SPACE / 8)));
    }

    @Test
    void aNameStandsThereOnce() {
        assertThatThrownBy(() -> new Ownership.Static(List.of("a", "b", "a"))).hasMessageContaining("twice: a,b,a");
        assertThatThrownBy(() -> new Ownership.Static(List.of())).hasMessageContaining("at least one");
    }
}
