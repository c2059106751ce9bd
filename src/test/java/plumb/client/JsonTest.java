package plumb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void everyKindOfValueIsRead() {
        assertThat(Json.parse(" {\"a\" : [1, -2.5, 1e3, \"x\", true, false, null, {}, []], \"b\":4294967296}\n"))
                .isEqualTo(Map.of(
                        "a",
                        Arrays.asList(1L, -2.5, 1000.0, "x", true, false, null, Map.of(), List.of()),
                        "b",
                        4_294_967_296L));
    }

    @Test
    void escapesAreResolved() {
        assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83c\\udf55\""))
                .isEqualTo("\"\\/\b\f\n\r\té🍕");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1",
                "[1,]",
                "{\"a\"}",
                "{\"a\":1,}",
                "{a:1}",
                "\"a",
                "\"\n\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "01",
                "+1",
                "1.",
                "tru",
                "nul",
                "1 2",
                "NaN"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }
}
