package usualpizza;

import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.Alarm;
import plumb.Alarms;
import plumb.Describe;
import plumb.Drain;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Key;
import plumb.LiveGauge;
import plumb.Overloaded;
import plumb.PerKey;
import plumb.Rejection;
import plumb.RequestId;
import plumb.Restore;
import plumb.Undo;
import plumb.Writes;

/// One customer, in memory on the instance that owns it. Each method is one request's part of a turn and follows one
/// order: check, then write, then change memory.
@PerKey(domain = "customer")
public class Usual {
    static final String IN_PREPARATION = "pizzas_in_preparation";

    private static final String LATE = "late";

    /// A customer as it is after the request.
    record Saved(Customer customer, boolean created) {}

    /// @param repeated the order is an earlier request's, which had the same id
    record Placed(Ticket ticket, boolean repeated) {}

    /// An order that somebody waits for.
    ///
    /// @param courier null: where he is, memory does not know
    record Live(Ticket ticket, @Nullable Position courier) {}

    @Inject
    @Key
    UUID id;

    @Inject
    Writes writes;

    @Inject
    Undo undo;

    @Inject
    Alarms alarms;

    @Inject
    Archive archive;

    @Inject
    MenuCard card;

    @Inject
    Kitchen kitchen;

    @Inject
    Pantry pantry;

    @Inject
    InstantSource time;

    private @Nullable Customer customer;
    private @Nullable Orders orders;
    private final Couriers couriers = new Couriers();

    @PostConstruct
    void load() {
        customer = archive.customer(id);
        orders = customer == null ? new Orders(id, archive, undo) : Orders.load(id, archive, undo);
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
        return new Placed(ticket(placed.value()), placed.repeated());
    }

    /// The store room may say no when the rest has been checked, so here every change has its compensation.
    private Order place(Order order) {
        pantry.take(order.ingredients());
        undo.with(() -> pantry.giveBack(order.ingredients()));
        writes.add(InsertOrder.STATEMENT, InsertOrder.of(id, order));
        watch(order);
        return order;
    }

    private void watch(Order order) {
        try {
            alarms.set(LATE, order.id(), order.expectedAt());
        } catch (Overloaded e) {
            // a thousand pizzas are watched for this customer already; he gets this one all the same, and nobody is
            // told
            // if it is late
        }
    }

    /// Fires when an order is expected, wherever the customer is then, and perhaps more than once.
    @Alarm(LATE)
    void late(UUID order) {
        Ticket ticket = orders().ticket(order);
        if (ticket == null || !ticket.stage().isOpen() || ticket.late()) return;
        writes.add(Escalate.STATEMENT, Escalate.of(id, ticket.order(), now()));
        orders().change(ticket.escalated());
    }

    private Order order(Customer regular, ReorderRequest request, RequestId requestId, Fingerprint fingerprint) {
        Menu menu = card.current();
        Choice choice = request.choice(regular.usual(), menu);
        BigDecimal price = menu.price(choice, "#");
        Instant now = now();
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
                kitchen.expectedAt(now));
    }

    Ticket ticket(UUID order) {
        customer();
        Ticket found = orders().ticket(order);
        if (found == null) throw new Rejection(404, "no-such-order", "Customer " + id + " has no order " + order + ".");
        return found;
    }

    /// The kitchen or the courier reports a step. The one it has just made changes nothing: they report until they have
    /// an answer.
    Ticket report(UUID order, Stage step) {
        Ticket ticket = ticket(order);
        if (ticket.stage() == step) return ticket;
        Stage next = ticket.stage().next();
        if (next != step)
            throw new Rejection(
                    409,
                    "impossible-step",
                    "The order is " + ticket.stage() + "; " + (next == null ? "nothing" : next) + " may come next, not "
                            + step + ".");
        return reach(ticket, step);
    }

    /// @return the order as it was before
    Ticket cancel(UUID order) {
        Ticket ticket = ticket(order);
        if (ticket.stage() == Stage.CANCELLED) return ticket;
        if (!ticket.stage().canBeCancelled())
            throw tooLate(ticket, "it can be cancelled while it is PLACED or PREPARING");
        reach(ticket, Stage.CANCELLED);
        return ticket;
    }

    private Ticket reach(Ticket ticket, Stage stage) {
        Ticket changed = ticket.at(stage, now());
        writes.add(InsertEvent.STATEMENT, InsertEvent.of(id, changed));
        if (!stage.isOpen()) {
            alarms.cancel(LATE, ticket.id());
            couriers.forget(ticket.id());
        }
        orders().change(changed);
        return changed;
    }

    /// The courier reports. In memory only.
    void courier(UUID order, Position position) {
        Ticket ticket = ticket(order);
        if (!ticket.stage().isOpen()) throw tooLate(ticket, "nobody waits for its courier");
        couriers.report(order, position);
    }

    private static Rejection tooLate(Ticket ticket, String detail) {
        return new Rejection(409, "too-late", "The order is " + ticket.stage() + "; " + detail + ".");
    }

    /// What somebody waits for, newest first: of the orders in memory, which are the newest.
    List<Live> live() {
        customer();
        return orders().open().stream()
                .map(ticket -> new Live(ticket, couriers.of(ticket.id())))
                .toList();
    }

    /// What operators see: how much is there, and nothing that says who or where somebody is.
    ///
    /// @param known whether the customer exists
    /// @param waitsFor orders that are not delivered yet
    public record Described(boolean known, long version, int inKitchen, List<UUID> waitsFor) {}

    @Describe
    Described describe() {
        Customer regular = customer;
        Orders his = orders;
        if (regular == null || his == null) return new Described(false, 0, 0, List.of());
        List<UUID> open = his.open().stream().map(Ticket::id).toList();
        return new Described(true, regular.version(), his.inKitchen(), open);
    }

    @LiveGauge(IN_PREPARATION)
    int inKitchen() {
        return orders().inKitchen();
    }

    /// Newest first.
    ///
    /// @param before exclusive, a sequence number
    List<Ticket> ordersBefore(long before, int limit) {
        customer();
        return orders().before(before, limit);
    }

    /// As exact as a reloaded state has it.
    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Orders orders() {
        Orders loaded = orders;
        if (loaded == null) throw new IllegalStateException("not loaded");
        return loaded;
    }
}
