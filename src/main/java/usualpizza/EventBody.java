package usualpizza;

import jakarta.json.bind.annotation.JsonbTypeDeserializer;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/// What the kitchen or the courier reports of an order.
///
/// @param kind the stage that it has reached
public record EventBody(
        @JsonbTypeDeserializer(TextOnly.class)
        @NotNull
        @Pattern(regexp = "PREPARING|BAKED|OUT|DELIVERED", message = "must be one of PREPARING, BAKED, OUT, DELIVERED")
        String kind) {
    Stage stage() {
        return Stage.valueOf(kind);
    }
}
