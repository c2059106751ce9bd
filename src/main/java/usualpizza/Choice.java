package usualpizza;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/// A pizza and what is on it, by their names on the menu. The same ingredient twice is a double portion.
public record Choice(
        @NotBlank @Size(max = Texts.MENU_NAME) String pizza,

        @NotNull @Size(min = 1, max = Texts.INGREDIENTS)
        List<@NotBlank @Size(max = Texts.MENU_NAME) String> ingredients) {}
