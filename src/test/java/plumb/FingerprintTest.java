package plumb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private enum Size {
        LARGE
    }

    private record Line(String street) {}

    private record Body(
            @Nullable String pizza,
            @Nullable List<@Nullable String> ingredients,
            @Nullable Line address) {}

    /// The same at a later version.
    private record LaterBody(
            @Nullable Line address,
            @Nullable String coupon,
            @Nullable String pizza,
            @Nullable List<@Nullable String> ingredients) {}

    private record Everything(
            int count,
            Long number,
            double measure,
            boolean yes,
            Size size,
            UUID id,
            Instant at,
            LocalDate day,
            BigDecimal price,
            Map<String, Integer> stock,
            List<Line> lines) {}

    private record Odd(Object what) {}

    @Test
    void equalBodiesHaveOneFingerprint() {
        assertThat(Fingerprint.of(new Body("a", List.of("b", "c"), new Line("d"))))
                .isEqualTo(Fingerprint.of(new Body("a", List.of("b", "c"), new Line("d"))));
    }

    @Test
    void bodiesThatDifferHaveOtherFingerprints() {
        var ofNull = new java.util.ArrayList<@Nullable String>();
        ofNull.add(null);
        var bodies = List.of(
                new Body(null, null, null),
                new Body("a", null, null),
                new Body(null, null, new Line("a")),
                new Body(null, List.of("a"), null),
                new Body(null, List.of(), null),
                new Body(null, ofNull, null),
                new Body("-", null, null),
                new Body("a", List.of("b"), null),
                new Body("a", null, new Line("b")),
                new Body(null, List.of("a", "b"), null),
                new Body(null, List.of("b", "a"), null),
                new Body(null, List.of("a"), new Line("b")),
                new Body(null, List.of("a1:b"), null),
                new Body(null, List.of("a,b"), null),
                new Body(null, List.of("-"), null),
                new Body("", null, null));

        assertThat(bodies.stream().map(Fingerprint::of)).doesNotHaveDuplicates();
    }

    @Test
    void neitherAnotherOrderNorNewComponentsThatAreLeftOutChangeIt() {
        assertThat(Fingerprint.of(new LaterBody(new Line("d"), null, "a", List.of("b"))))
                .isEqualTo(Fingerprint.of(new Body("a", List.of("b"), new Line("d"))));
        assertThat(Fingerprint.of(new LaterBody(new Line("d"), "half", "a", List.of("b"))))
                .isNotEqualTo(Fingerprint.of(new Body("a", List.of("b"), new Line("d"))));
    }

    @Test
    void aNumberIsTheSameHoweverItIsWritten() {
        assertThat(Fingerprint.of(everything("1.50"))).isEqualTo(Fingerprint.of(everything("1.5")));
        assertThat(Fingerprint.of(everything("1.5"))).isNotEqualTo(Fingerprint.of(everything("15")));
    }

    @Test
    void whatHasNoFingerprintIsRefused() {
        assertThatThrownBy(() -> Fingerprint.of(new Odd(new Object()))).hasMessageContaining("java.lang.Object");
    }

    /// Stored fingerprints must go on matching: whoever changes the function turns repetitions into errors.
    @Test
    void theFunctionIsFrozen() {
        assertThat(Stream.of(new Body(null, null, null), new Body("a", List.of("b"), new Line("Köln")), everything("2"))
                        .map(Fingerprint::of)
                        .map(Fingerprint::text))
                .containsExactly(
                        "44136fa355b3678a1146ad16f7e8649e",
                        "5efc264fd71f43684cb7bc6e2c554cd6",
                        "37458555909fdbb8a119686ebc88636a");
    }

    private static Everything everything(String price) {
        return new Everything(
                1,
                2L,
                0.5,
                true,
                Size.LARGE,
                new UUID(1, 2),
                Instant.EPOCH,
                LocalDate.EPOCH,
                new BigDecimal(price),
                Map.of("b", 2, "a", 1),
                List.of(new Line("x"), new Line("y")));
    }
}
