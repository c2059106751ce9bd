package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import plumb.keyspace.Key;

class HotKeysTest {
    private final HotKeys hot = new HotKeys();

    @Test
    void aKeyThatHasHalfOfAllStandsOutAmongTenThousand() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) hot.add(i % 2 == 0 ? key(0) : key(1 + random.nextInt(10_000)), 1);

        assertThat(hot.above(0.2)).singleElement().satisfies(one -> {
            assertThat(one.key()).isEqualTo(key(0));
            assertThat(one.share()).isBetween(0.4, 0.5); // never too much
        });
    }

    @Test
    void nobodyStandsOutWhereAllAreAlike() {
        for (int i = 0; i < 100_000; i++) hot.add(key(i % 1_000), 1);

        assertThat(hot.above(0.05)).isEmpty();
    }

    @Test
    void theHottestComesFirst() {
        for (int i = 0; i < 100; i++) {
            hot.add(key(1), 1);
            hot.add(key(2), 2);
        }

        assertThat(hot.above(0.1)).extracting(RangeLoad.Hot::key).containsExactly(key(2), key(1));
    }

    @Test
    void whatWasHotFades() {
        hot.add(key(1), 1_000);
        for (int i = 0; i < 10; i++) {
            hot.fade(0.5);
            hot.add(key(2), 100);
        }

        assertThat(hot.above(0.5)).extracting(RangeLoad.Hot::key).containsExactly(key(2));
    }

    private static Key key(int number) {
        return new Key("pad", "k" + number);
    }
}
