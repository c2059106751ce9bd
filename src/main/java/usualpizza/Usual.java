package usualpizza;

import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.Drain;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Key;
import plumb.PerKey;
import plumb.Rejection;
import plumb.RequestId;
import plumb.Restore;
import plumb.Writes;

/// One customer, in memory on the instance that owns it. Each method is one request's part of a turn and follows one
/// order: check, then write, then change memory.
@PerKey(domain = "customer")
public class Usual {
    static final Duration UNTIL_EXPECTED = Duration.ofMinutes(30);

    /// A customer as it is after the request.
    record Saved(Customer customer, boolean created) {}

    /// @param repeated the order is an earlier request's, which had the same id
    record Placed(Order order, boolean repeated) {}

    /// An order on its way, and where.
    record Live(Order order, Position courier) {}

    @Inject
    @Key
    UUID id;

    @Inject
    Writes writes;

    @Inject
    Archive archive;

    @Inject
    MenuCard card;

    @Inject
    InstantSource time;

    private @Nullable Customer customer;
    private @Nullable Orders orders;
    private final Couriers couriers = new Couriers();

    @PostConstruct
    void load() {
        customer = archive.customer(id);
        orders = customer == null ? new Orders(id, archive) : Orders.load(id, archive);
    }

    @Drain
    Couriers.@Nullable Kept keep() {
        return couriers.keep();
    }

    @Restore
    void restore(Couriers.Kept kept) {
        couriers.restore(kept);
    }

    Customer customer() {
        Customer known = customer;
        if (known == null) throw new Rejection(404, "no-such-customer", "There is no customer " + id + ".");
        return known;
    }

    Saved put(CustomerBody body, IfMatch condition) {
        Customer known = customer;
        if (known == null) condition.checkAbsent();
        else condition.check(known.version());
        card.current().check(body.usual(), "#/usual");
        return new Saved(save(body.as(id, known == null ? 1 : known.version() + 1)), known == null);
    }

    Customer move(Address address, IfMatch condition) {
        condition.check(customer().version());
        return save(customer().at(address));
    }

    Customer prefer(Choice choice, IfMatch condition) {
        condition.check(customer().version());
        card.current().check(choice, "#");
        return save(customer().preferring(choice));
    }

    private Customer save(Customer changed) {
        writes.add(SaveCustomer.STATEMENT, SaveCustomer.of(changed));
        customer = changed;
        return changed;
    }

    Placed reorder(ReorderRequest request, RequestId requestId) {
        Customer regular = customer();
        Fingerprint body = Fingerprint.of(request);
        Effect<UUID> placed = orders().once(requestId, body, () -> place(order(regular, request, requestId, body)));
        return new Placed(order(placed.value()), placed.repeated());
    }

    private Order place(Order order) {
        writes.add(InsertOrder.STATEMENT, InsertOrder.of(id, order));
        return order;
    }

    private Order order(Customer regular, ReorderRequest request, RequestId requestId, Fingerprint fingerprint) {
        Menu menu = card.current();
        Choice choice = choice(regular, request, menu);
        BigDecimal price = menu.price(choice, "#");
        Instant now = time.instant().truncatedTo(ChronoUnit.MILLIS); // so that a reloaded order equals this one
        return new Order(
                UUID.randomUUID(),
                orders().nextSeq(),
                requestId,
                fingerprint,
                request.address() == null ? regular.address() : request.address(),
                choice.pizza(),
                List.copyOf(choice.ingredients()),
                price,
                now,
                now.plus(UNTIL_EXPECTED));
    }

    private static Choice choice(Customer regular, ReorderRequest request, Menu menu) {
        String pizza = request.pizza();
        List<String> ingredients = request.ingredients();
        if (ingredients != null)
            return new Choice(pizza == null ? regular.usual().pizza() : pizza, ingredients);
        return pizza == null ? regular.usual() : menu.standard(pizza, "#");
    }

    Order order(UUID order) {
        customer();
        Order found = orders().order(order);
        if (found == null) throw new Rejection(404, "no-such-order", "Customer " + id + " has no order " + order + ".");
        return found;
    }

    /// The courier reports. In memory only.
    void courier(UUID order, Position position) {
        couriers.report(order(order).id(), position);
    }

    /// The orders whose courier has reported.
    List<Live> live() {
        customer();
        return couriers.orders().stream()
                .map(order -> new Live(order(order), Objects.requireNonNull(couriers.of(order))))
                .toList();
    }

    /// Newest first.
    ///
    /// @param before exclusive, a sequence number
    List<Order> ordersBefore(long before, int limit) {
        customer();
        return orders().before(before, limit);
    }

    private Orders orders() {
        Orders loaded = orders;
        if (loaded == null) throw new IllegalStateException("not loaded");
        return loaded;
    }
}
