package usualpizza;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import jakarta.persistence.TypedQuery;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import plumb.RequestId;

/// The tables, through Jakarta Persistence. A fresh persistence context for each call, and no transaction: every query
/// sees what is committed when it begins, never what an earlier owner or an earlier tenure left in a cache.
@ApplicationScoped
public class Tables implements Archive {
    @PersistenceUnit(unitName = "plumb")
    EntityManagerFactory factory;

    @Override
    public @Nullable Customer customer(UUID customer) {
        return read(entities -> {
            CustomerRow row = entities.find(CustomerRow.class, customer);
            return row == null ? null : row.customer();
        });
    }

    @Override
    public List<Ticket> orders(UUID customer, long before, int limit) {
        return read(entities -> entities
                .createQuery(
                        "select o from OrderRow o where o.customer = :customer and o.seq < :before order by o.seq desc",
                        OrderRow.class)
                .setParameter("customer", customer)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultList()
                .stream()
                .map(OrderRow::ticket)
                .toList());
    }

    @Override
    public @Nullable Ticket order(UUID customer, UUID order) {
        return read(entities -> {
            OrderRow row = entities.find(OrderRow.class, order);
            return row == null || !row.customer().equals(customer) ? null : row.ticket();
        });
    }

    @Override
    public @Nullable Order orderOfRequest(UUID customer, RequestId request) {
        return read(entities -> first(entities.createQuery(
                        "select o from OrderRow o where o.customer = :customer and o.requestId = :request",
                        OrderRow.class)
                .setParameter("customer", customer)
                .setParameter("request", request.text())));
    }

    @Override
    public List<Escalation> escalations(int limit) {
        return read(entities -> entities
                .createQuery("select e from EscalationRow e order by e.at desc, e.id", EscalationRow.class)
                .setMaxResults(limit)
                .getResultList()
                .stream()
                .map(EscalationRow::escalation)
                .toList());
    }

    /// Lists, not the persistence provider's streams: one of them hands a row out before its collection is whole.
    @Override
    public Menu menu() {
        return read(entities -> Menu.of(
                entities
                        .createQuery("select distinct p from PizzaRow p left join fetch p.ingredients", PizzaRow.class)
                        .getResultList()
                        .stream()
                        .map(PizzaRow::pizza)
                        .toList(),
                entities.createQuery("select i from IngredientRow i", IngredientRow.class).getResultList().stream()
                        .map(IngredientRow::ingredient)
                        .toList()));
    }

    private static @Nullable Order first(TypedQuery<OrderRow> query) {
        List<OrderRow> rows = query.getResultList();
        return rows.isEmpty() ? null : rows.getFirst().order();
    }

    private <R extends @Nullable Object> R read(Function<EntityManager, R> query) {
        try (EntityManager entities = factory.createEntityManager()) {
            return query.apply(entities);
        }
    }
}
