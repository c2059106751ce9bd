package plumb.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRangeTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64, 1_000, 100_000})
    void firstAndLastSlotOfEachEvenRangeAreInItsPlace(int count) {
        List<KeyRange> even = KeyRange.even(count);
        for (int i = 0; i < count; i++) {
            assertThat(KeyRange.evenPlace(even.get(i).lo(), count)).isEqualTo(i);
            assertThat(KeyRange.evenPlace(even.get(i).hi() - 1, count)).isEqualTo(i);
        }
    }
}
