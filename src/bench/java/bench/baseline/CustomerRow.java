package bench.baseline;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

@Entity
@Table(name = "customer", schema = "baseline")
public class CustomerRow {
    @Id
    @Column(name = "customer_id")
    private UUID id;

    @Column(name = "name")
    private String name;

    @Column(name = "address_line")
    private String addressLine;

    @Column(name = "usual_pizza")
    private String usualPizza;

    @Column(name = "usual_ingredients")
    private String usualIngredients;

    @Column(name = "usual_price")
    private BigDecimal usualPrice;

    @Column(name = "orders")
    private long orders;

    @Version
    @Column(name = "version")
    private long version;

    protected CustomerRow() {}

    CustomerRow(UUID id, CustomerBody body) {
        this.id = id;
        set(body);
    }

    final void set(CustomerBody body) {
        name = body.name();
        addressLine = body.address().line();
        usualPizza = body.usual().pizza();
        usualIngredients = String.join(",", body.usual().ingredients());
        usualPrice = body.price();
    }

    /// The next one of his orders, which are numbered without gaps.
    OrderRow order(String requestId) {
        orders++;
        return new OrderRow(id, orders, requestId, addressLine, usualPizza, usualIngredients, usualPrice);
    }

    CustomerView view() {
        return new CustomerView(
                id,
                name,
                new CustomerBody.Address(addressLine),
                new CustomerBody.Choice(usualPizza, List.of(usualIngredients.split(","))),
                version);
    }
}
