package plumb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import plumb.keyspace.KeyRange;
import plumb.postgres.LeaseHistory;

class BarTest {
    private static final Styles STYLES = Styles.forAll(List.of("b", "a"));

    private static RangeLine range(int id, KeyRange keys, @Nullable String owner, @Nullable String target) {
        return new RangeLine(id, "customer", keys, owner, 1, target, false, null, null, null);
    }

    @Test
    void theKeySpaceIsFilledInOrderByItsOwners() {
        List<KeyRange> even = KeyRange.even(4);

        Bar map = Bar.ofKeys(
                "customer",
                List.of(
                        range(1, even.get(0), "a", null),
                        range(2, even.get(1), "b", "a"),
                        range(3, even.get(2), null, null),
                        range(4, even.get(3), "dead 7", null)),
                STYLES);

        assertThat(map.pieces())
                .extracting(Bar.Piece::x, Bar.Piece::width, Bar.Piece::style, Bar.Piece::arriving, Bar.Piece::label)
                .containsExactly(
                        tuple("0.00", "owner-0", null, "range 1, 25.0 %, a"),
                        tuple("250.00", "owner-1", "owner-0", "range 2, 25.0 %, b, moving to a"),
                        tuple("500.00", "unowned", null, "range 3, 25.0 %, nobody"),
                        tuple("750.00", "owner-7", null, "range 4, 25.0 %, dead 7"));
        assertThat(map.pieces()).extracting(Bar.Piece::link).startsWith("range.xhtml?id=1");
    }

    private static Tuple tuple(String x, String style, @Nullable String arriving, String label) {
        return Assertions.tuple(x, "250.00", style, arriving, label);
    }

    @Test
    void soManyRangesAreJoinedAndDrawnAtOnce() {
        Bar map = ofMany(i -> i < 256 ? "a" : "b", i -> i < 512 ? null : "a");

        assertThat(map.pieces()).isEmpty();
        assertThat(map.areas())
                .containsExactly(
                        new Bar.Area("owner-0", false, "M0.00 0h250.00V40h-250.00z"),
                        new Bar.Area("owner-1", false, "M250.00 0h250.00V40h-250.00zM500.00 0h500.00V40h-500.00z"),
                        new Bar.Area("owner-0", true, "M500.00 24h500.00V40h-500.00z"));
    }

    /// Of the 100 KB that a page may have, whoever owns what.
    @Test
    void theMapOfAThousandRangesStaysSmall() {
        Bar map = ofMany(i -> i % 2 == 0 ? "a" : "b", i -> null);

        assertThat(map.areas()).hasSize(2);
        assertThat(map.areas().stream().mapToInt(area -> area.path().length()).sum())
                .isLessThan(32_000);
    }

    private static Bar ofMany(IntFunction<String> owner, IntFunction<@Nullable String> target) {
        List<KeyRange> even = KeyRange.even(1_024);
        return Bar.ofKeys(
                "customer",
                IntStream.range(0, even.size())
                        .mapToObj(i -> range(i, even.get(i), owner.apply(i), target.apply(i)))
                        .toList(),
                STYLES);
    }

    @Test
    void timeGoesToTheRightAndEndsNow() {
        Instant begin = Instant.parse("2026-03-01T12:00:00Z");

        Bar timeline = Bar.ofTime(
                List.of(
                        grant(3, null, null, begin.plusSeconds(75)),
                        grant(2, "b", new UUID(0, 2), begin.plusSeconds(50)),
                        grant(1, null, new UUID(0, 1), begin)),
                begin.plusSeconds(100),
                STYLES);

        assertThat(timeline.pieces())
                .extracting(Bar.Piece::x, Bar.Piece::width, Bar.Piece::style)
                .containsExactly(
                        Assertions.tuple("0.00", "500.00", "owner-7"),
                        Assertions.tuple("500.00", "250.00", "owner-1"),
                        Assertions.tuple("750.00", "250.00", "unowned"));
        assertThat(timeline.pieces().getFirst().label())
                .isEqualTo("epoch 1, 00000000-0000-0000-0000-000000000001, since 2026-03-01T12:00:00Z");
    }

    private static LeaseHistory.Grant grant(long epoch, @Nullable String name, @Nullable UUID owner, Instant at) {
        return new LeaseHistory.Grant(1, KeyRange.ALL, epoch, owner, name, "claim", null, null, at);
    }
}
