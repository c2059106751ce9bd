package usualpizza;

import java.util.List;

/// The menu as JSON.
public record MenuView(List<PizzaView> pizzas, List<IngredientView> ingredients) {
    /// @param price with its usual ingredients
    public record PizzaView(String name, String basePrice, String price, List<String> ingredients) {}

    /// One portion.
    public record IngredientView(String name, String price, int stock) {}

    static MenuView of(Menu menu) {
        return new MenuView(
                menu.pizzas().values().stream().map(pizza -> of(menu, pizza)).toList(),
                menu.ingredients().values().stream().map(MenuView::of).toList());
    }

    private static PizzaView of(Menu menu, Menu.Pizza pizza) {
        var standard = new Choice(pizza.name(), pizza.ingredients());
        return new PizzaView(
                pizza.name(),
                Price.text(pizza.basePrice()),
                Price.text(menu.price(standard, "#")),
                pizza.ingredients());
    }

    private static IngredientView of(Menu.Ingredient ingredient) {
        return new IngredientView(ingredient.name(), Price.text(ingredient.price()), ingredient.stock());
    }
}
