package usualpizza;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MenuTest {
    @Test
    void theMenuIsShownByNameWithPricesAsText() {
        MenuView view = MenuView.of(ArchiveTwin.MENU);

        assertThat(view.pizzas())
                .extracting(pizza -> pizza.name() + " " + pizza.basePrice() + " " + pizza.price())
                .containsExactly("margherita 5.00 8.00", "marinara 4.50 5.90");
        assertThat(view.pizzas().getFirst().ingredients()).containsExactly("tomato", "mozzarella", "basil");
        assertThat(view.ingredients())
                .extracting(ingredient -> ingredient.name() + " " + ingredient.price() + " " + ingredient.stock())
                .containsExactly("basil 0.50 10", "garlic 0.40 10", "mozzarella 1.50 10", "tomato 1.00 10");
    }
}
