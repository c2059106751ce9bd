package usualpizza;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Read only; migrations write it.
@Entity
@Table(name = "pizza", schema = "usualpizza")
public class PizzaRow {
    @Id
    @Column(name = "name")
    private String name;

    @Column(name = "base_price")
    private BigDecimal basePrice;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "pizza_ingredient", schema = "usualpizza", joinColumns = @JoinColumn(name = "pizza"))
    @OrderColumn(name = "position")
    @Column(name = "ingredient")
    private List<String> ingredients = new ArrayList<>();

    protected PizzaRow() {}

    Menu.Pizza pizza() {
        return new Menu.Pizza(name, basePrice, List.copyOf(ingredients));
    }
}
