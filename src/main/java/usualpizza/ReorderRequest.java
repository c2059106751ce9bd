package usualpizza;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    /// The usual to the current address.
    static final ReorderRequest AS_USUAL = new ReorderRequest(null, null, null);

    /// Equal for equal requests, whatever their JSON looks like. Stored with each order: the function is frozen.
    String fingerprint() {
        var text = new StringBuilder();
        append(text, pizza);
        if (ingredients == null) append(text, null);
        else {
            text.append(ingredients.size()).append('[');
            for (String ingredient : ingredients) append(text, ingredient);
        }
        append(text, address == null ? null : address.line());
        byte[] digest = sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, 16);
    }

    /// With its length in front, so that no two sequences of texts look alike.
    private static void append(StringBuilder all, @Nullable String text) {
        if (text == null) all.append('-');
        else all.append(text.length()).append(':').append(text);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
