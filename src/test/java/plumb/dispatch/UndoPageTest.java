package plumb.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import plumb.Handler;
import plumb.Rejection;
import plumb.Statement;
import plumb.Undo;
import plumb.Writes;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.keyspace.KeyType;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// The page about undo says what is so: its code is here, and runs.
class UndoPageTest extends DispatchFixture {
    private static final RangeId CLUBS = new RangeId(2);

    record Row(String key, int amount) {}

    record Points(int points) {}

    record Coupon(String code) {}

    private static final Statement<Row> SPEND = Statement.of(Row.class, "insert into spent values (:key, :amount)");
    private static final Statement<Row> EARN = Statement.of(Row.class, "insert into earned values (:key, :amount)");

    /// Knows what coupons are worth.
    record Shop(Map<String, Integer> values) {
        int worth(Coupon coupon) {
            Integer value = values.get(coupon.code());
            if (value == null) throw new Rejection(422, "no-such-coupon", "There is no coupon " + coupon.code() + ".");
            return value;
        }
    }

    /// The example.
    static final class Club {
        private final Set<String> used = new HashSet<>();
        private final Shop shop = new Shop(Map.of("summer", 10, "winter", 20));
        private final Undo undo = Turn.undo();
        private final String key;
        private final Writes writes;
        private int points = 100;

        Club(String key, Writes writes) {
            this.key = key;
            this.writes = writes;
        }

        Points redeem(int wanted) {
            if (wanted > points) throw new Rejection(409, "not-enough-points", "There are " + points + ".");
            writes.add(SPEND, new Row(key, wanted));
            points -= wanted;
            return new Points(points);
        }

        Points earn(List<Coupon> coupons) {
            for (Coupon coupon : coupons) {
                used.add(coupon.code());
                undo.with(() -> used.remove(coupon.code()));
                int before = points;
                points += shop.worth(coupon); // may say no, or fail
                undo.with(() -> points = before);
                writes.add(EARN, new Row(key, points - before));
            }
            return new Points(points);
        }
    }

    private final Key joe = Key.of("club", KeyType.STRING, "joe");

    @BeforeEach
    void aClub() {
        Handler.Factory<Club> clubs = (key, writes) -> () -> new Club(key, writes);
        dispatcher.register("club", clubs);
        dispatcher.granted("club", KeyRange.ALL, new Tenure(CLUBS, TENURE.epoch(), TENURE.owner()));
    }

    private Object points() throws Exception {
        return dispatcher.call(joe, LATE, (Club club) -> club.points).get(10, SECONDS);
    }

    @Test
    void whatWasDoneForTheFirstCouponsIsTakenBack() throws Exception {
        var three = List.of(new Coupon("summer"), new Coupon("winter"), new Coupon("forged"));

        refused(dispatcher.call(joe, LATE, (Club club) -> club.earn(three)), Rejection.class);

        assertThat(points()).isEqualTo(100);
        assertThat(dispatcher.call(joe, LATE, (Club club) -> club.used).get(10, SECONDS))
                .isEqualTo(Set.of());
        assertThat(committer.units()).isEmpty();
        assertThat(dispatcher.stats().count(DispatchStats.Event.LOADED)).isEqualTo(1);
        dispatcher.halt(CLUBS, "the test is over");
    }

    @Test
    void checkWriteChangeKeepsTheStateToo() throws Exception {
        refused(dispatcher.call(joe, LATE, (Club club) -> club.redeem(101)), Rejection.class);

        assertThat(points()).isEqualTo(100);
        assertThat(dispatcher.stats().count(DispatchStats.Event.LOADED)).isEqualTo(1);
        dispatcher.halt(CLUBS, "the test is over");
    }

    @Test
    void thePagesCodeIsThisCode() throws Exception {
        String here = squeezed(Files.readString(Path.of("src/test/java/plumb/dispatch/UndoPageTest.java")));
        String page = Files.readString(Path.of("src/site/markdown/undo.md"));
        String[] blocks = page.split("```java\n");

        assertThat(blocks).hasSize(3);
        for (int block = 1; block < blocks.length; block++)
            assertThat(here).contains(squeezed(blocks[block].substring(0, blocks[block].indexOf("```"))));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
