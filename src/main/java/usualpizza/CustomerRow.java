package usualpizza;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/// Read only; [SaveCustomer] writes it.
@Entity
@Table(name = "customer", schema = "usualpizza")
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

    @Column(name = "version")
    private long version;

    protected CustomerRow() {}

    Customer customer() {
        var usual = new Choice(usualPizza, Joined.names(usualIngredients));
        return new Customer(id, name, new Address(addressLine), usual, version);
    }
}
