package plumb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -     | -                       | PT0S
            PT20S | -                       | PT20S
            PT0S  | -                       | PT0S
            PT1H  | -                       | PT30S
            PT5S  | wait=20                 | PT5S
            -     | wait=20                 | PT20S
            -     | respond-async, wait=20  | PT20S
            -     | Wait = "20"; foo=bar    | PT20S
            -     | wait=999999             | PT30S
            -     | await=20                | PT0S
            -     | wait=soon               | PT0S
            """)
    void whatAClientAsksForUpToTheLongest(String wait, String prefer, Duration patience) {
        assertThat(Patience.of(wait, prefer)).isEqualTo(patience);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "soon", "-PT1S", ""})
    void anythingElseIsABadRequest(String wait) {
        assertThatThrownBy(() -> Patience.of(wait, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(400));
    }
}
