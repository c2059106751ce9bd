package usualpizza;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is different this time; null: as usual.
///
/// @param pizza with its ingredients as on the menu, unless `ingredients` says otherwise
/// @param ingredients on the usual pizza, or on the one named here
/// @param address for this order only
public record ReorderRequest(
        @Nullable @Size(min = 1, max = Texts.MENU_NAME) String pizza,

        @Nullable @Size(min = 1, max = Texts.INGREDIENTS)
        List<@NotBlank @Size(max = Texts.MENU_NAME) String> ingredients,

        @Nullable @Valid Address address) {
    /// What is to be made.
    ///
    /// @param usual the customer's
    Choice choice(Choice usual, Menu menu) {
        if (ingredients != null) return new Choice(pizza == null ? usual.pizza() : pizza, ingredients);
        return pizza == null ? usual : menu.standard(pizza, "#");
    }

    /// The usual to the current address.
    static final ReorderRequest AS_USUAL = new ReorderRequest(null, null, null);
}
