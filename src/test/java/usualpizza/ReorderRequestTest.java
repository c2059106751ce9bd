package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReorderRequestTest {
    @Test
    void equalRequestsHaveOneFingerprint() {
        var one = new ReorderRequest("margherita", List.of("tomato", "basil"), new Address("Via Roma 1"));
        var other = new ReorderRequest("margherita", List.of("tomato", "basil"), new Address("Via Roma 1"));

        assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
    }

    @Test
    void requestsThatDifferHaveOtherFingerprints() {
        var requests = List.of(
                ReorderRequest.AS_USUAL,
                new ReorderRequest("a", null, null),
                new ReorderRequest(null, null, new Address("a")),
                new ReorderRequest(null, List.of("a"), null),
                new ReorderRequest("-", null, null),
                new ReorderRequest("a", List.of("b"), null),
                new ReorderRequest("a", null, new Address("b")),
                new ReorderRequest(null, List.of("a", "b"), null),
                new ReorderRequest(null, List.of("b", "a"), null),
                new ReorderRequest(null, List.of("a"), new Address("b")),
                new ReorderRequest(null, List.of("a1:b"), null),
                new ReorderRequest(null, List.of("a,b"), null));

        assertThat(requests.stream().map(ReorderRequest::fingerprint)).doesNotHaveDuplicates();
    }

    /// Stored fingerprints must go on matching: whoever changes the function turns repetitions into errors.
    @Test
    void theFunctionIsFrozen() {
        assertThat(Stream.of(
                                ReorderRequest.AS_USUAL,
                                new ReorderRequest("margherita", List.of("tomato", "basil"), new Address("Köln")))
                        .map(ReorderRequest::fingerprint))
                .containsExactly("cb3f91d54eee30e53e35b2b99905f70f", "785a0f159430a0e33f82bbf486e247f5");
    }
}
