package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import plumb.Fingerprint;

class ReorderRequestTest {
    /// Stored fingerprints must go on matching: whoever renames a component turns repetitions into errors.
    @Test
    void theNamesOfItsComponentsAreFrozen() {
        assertThat(List.of(
                                ReorderRequest.AS_USUAL,
                                new ReorderRequest("margherita", List.of("tomato", "basil"), new Address("Köln")))
                        .stream()
                        .map(Fingerprint::of)
                        .map(Fingerprint::text))
                .containsExactly("44136fa355b3678a1146ad16f7e8649e", "3e431acd4013d7354bc1255a446c1c0a");
    }
}
