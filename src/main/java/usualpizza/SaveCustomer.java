package usualpizza;

import java.util.UUID;
import plumb.Statement;

/// A customer's row as it shall be. Safe under races: only the owner writes it, under the fence.
record SaveCustomer(
        UUID customer, String name, String addressLine, String usualPizza, String usualIngredients, long version) {
    static final Statement<SaveCustomer> STATEMENT = Statement.of(SaveCustomer.class, """
            insert into usualpizza.customer
                (customer_id, name, address_line, usual_pizza, usual_ingredients, version, range_id, epoch)
            values (:customer, :name, :addressLine, :usualPizza, :usualIngredients, :version, :range, :epoch)
            on conflict (customer_id) do update set
                name = excluded.name, address_line = excluded.address_line, usual_pizza = excluded.usual_pizza,
                usual_ingredients = excluded.usual_ingredients, version = excluded.version,
                range_id = excluded.range_id, epoch = excluded.epoch""");

    static SaveCustomer of(Customer customer) {
        return new SaveCustomer(
                customer.id(),
                customer.name(),
                customer.address().line(),
                customer.usual().pizza(),
                Joined.text(customer.usual().ingredients()),
                customer.version());
    }
}
