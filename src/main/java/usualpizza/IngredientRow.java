package usualpizza;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/// Read only; migrations write it.
@Entity
@Table(name = "ingredient", schema = "usualpizza")
public class IngredientRow {
    @Id
    @Column(name = "name")
    private String name;

    @Column(name = "price")
    private BigDecimal price;

    @Column(name = "stock")
    private int stock;

    protected IngredientRow() {}

    Menu.Ingredient ingredient() {
        return new Menu.Ingredient(name, price, stock);
    }
}
