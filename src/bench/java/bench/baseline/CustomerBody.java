package bench.baseline;

import java.math.BigDecimal;
import java.util.List;

/// As the real service takes it.
public record CustomerBody(String name, Address address, Choice usual) {
    public record Address(String line) {}

    public record Choice(String pizza, List<String> ingredients) {}

    /// The menu is left out: what is on a pizza costs a euro each.
    BigDecimal price() {
        return BigDecimal.valueOf(5L + usual.ingredients().size()).setScale(2);
    }
}
