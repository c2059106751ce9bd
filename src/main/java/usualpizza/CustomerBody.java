package usualpizza;

import jakarta.json.bind.annotation.JsonbTypeDeserializer;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;

/// What a client says of a customer.
public record CustomerBody(
        @JsonbTypeDeserializer(TextOnly.class)
        @NotBlank
        @Size(max = Texts.NAME)
        @Pattern(regexp = Texts.PLAIN, message = Texts.NOT_PLAIN)
        String name,

        @NotNull @Valid Address address,
        @NotNull @Valid Choice usual) {
    Customer as(UUID id, long version) {
        return new Customer(id, name, address, usual, version);
    }
}
