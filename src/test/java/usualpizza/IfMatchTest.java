package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static usualpizza.UsualFixture.rejected;

import java.util.List;
import org.junit.jupiter.api.Test;

class IfMatchTest {
    @Test
    void withoutConditionEverythingMayChange() {
        assertThatCode(() -> IfMatch.of(List.of()).check(3)).doesNotThrowAnyException();
        assertThatCode(() -> IfMatch.of(List.of()).checkAbsent()).doesNotThrowAnyException();
    }

    @Test
    void aStarMeansWhateverExists() {
        assertThatCode(() -> IfMatch.of(List.of("*")).check(3)).doesNotThrowAnyException();
        rejected(412, () -> IfMatch.of(List.of("*")).checkAbsent());
    }

    @Test
    void oneOfTheListedVersionsMayChange() {
        IfMatch twoOrThree = IfMatch.of(List.of("\"2\" , \"3\"", "\"5\""));

        assertThatCode(() -> twoOrThree.check(3)).doesNotThrowAnyException();
        assertThatCode(() -> twoOrThree.check(5)).doesNotThrowAnyException();
        rejected(412, () -> twoOrThree.check(4));
        rejected(412, twoOrThree::checkAbsent);
    }

    @Test
    void weakTagsNeverMatchAChange() {
        rejected(412, () -> IfMatch.of(List.of("W/\"3\"")).check(3));
    }

    @Test
    void whatIsNoTagIsNamed() {
        for (String wrong : List.of("3", "", "\"3", "*, \"3\""))
            assertThat(rejected(400, () -> IfMatch.of(List.of(wrong)))).hasMessageStartingWith("If-Match: ");
    }

    @Test
    void aReaderWhoKnowsTheVersionNeedsNoBody() {
        assertThat(IfMatch.isKnown(List.of("\"2\", W/\"3\""), 3)).isTrue();
        assertThat(IfMatch.isKnown(List.of("\"3\""), 3)).isTrue();
        assertThat(IfMatch.isKnown(List.of("*"), 3)).isTrue();
        assertThat(IfMatch.isKnown(List.of("\"4\""), 3)).isFalse();
        assertThat(IfMatch.isKnown(List.of(), 3)).isFalse();
    }
}
