package usualpizza;

import jakarta.json.bind.annotation.JsonbTypeDeserializer;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/// Where a pizza goes.
///
/// @param line street, house, town: as the courier reads it
public record Address(
        @JsonbTypeDeserializer(TextOnly.class)
        @NotBlank
        @Size(max = Texts.LINE)
        @Pattern(regexp = Texts.PLAIN, message = Texts.NOT_PLAIN)
        String line) {}
