package usualpizza;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plumb.Rejection;

/// What can be ordered and what it costs, as read at one moment. Immutable.
record Menu(SequencedMap<String, Pizza> pizzas, SequencedMap<String, Ingredient> ingredients) {
    /// @param basePrice without what is on it
    /// @param ingredients what is on it unless the customer says otherwise
    record Pizza(String name, BigDecimal basePrice, List<String> ingredients) {}

    /// @param stock portions
    record Ingredient(String name, BigDecimal price, int stock) {}

    static Menu of(List<Pizza> pizzas, List<Ingredient> ingredients) {
        return new Menu(byName(pizzas, Pizza::name), byName(ingredients, Ingredient::name));
    }

    private static <T> SequencedMap<String, T> byName(List<T> all, Function<T, String> name) {
        Map<String, T> named = all.stream().collect(Collectors.toMap(name, Function.identity()));
        return new TreeMap<>(named);
    }

    /// The pizza as the menu has it.
    ///
    /// @param where the JSON pointer of what the caller named, for the rejection
    Choice standard(String name, String where) {
        return new Choice(name, pizza(name, where).ingredients());
    }

    /// Refuses what is not on the menu.
    ///
    /// @param where the JSON pointer of the choice
    void check(Choice choice, String where) {
        price(choice, where);
    }

    /// What it costs.
    ///
    /// @param where the JSON pointer of the choice, for the rejection
    BigDecimal price(Choice choice, String where) {
        BigDecimal sum = pizza(choice.pizza(), where).basePrice();
        List<String> names = choice.ingredients();
        for (int i = 0; i < names.size(); i++)
            sum = sum.add(known(ingredients.get(names.get(i)), names.get(i), where + "/ingredients/" + i)
                    .price());
        return sum;
    }

    private Pizza pizza(String name, String where) {
        return known(pizzas.get(name), name, where + "/pizza");
    }

    private static <T> T known(@Nullable T found, String name, String where) {
        if (found == null)
            throw new Rejection(422, "not-on-the-menu", where + ": there is no \"" + name + "\" on the menu.");
        return found;
    }
}
