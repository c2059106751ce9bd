package plumb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

    /// A page of a thousand ranges stays small.
    @Test
    void soManyRangesAreJoinedAndLeadNowhere() {
        List<RangeLine> many = IntStream.range(0, 1_024)
                .mapToObj(i -> range(i, KeyRange.even(1_024).get(i), i < 256 ? "a" : "b", i < 512 ? null : "a"))
                .toList();

        assertThat(Bar.ofKeys("customer", many, STYLES).pieces())
                .extracting(Bar.Piece::width, Bar.Piece::style, Bar.Piece::arriving, Bar.Piece::link)
                .containsExactly(
                        Assertions.tuple("250.00", "owner-0", null, null),
                        Assertions.tuple("250.00", "owner-1", null, null),
                        Assertions.tuple("500.00", "owner-1", "owner-0", null));
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
