package usualpizza;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import plumb.Fingerprint;
import plumb.RequestId;

/// The tables, in memory; counts how often it is asked for orders.
final class ArchiveTwin implements Archive {
    static final Menu MENU = Menu.of(
            List.of(
                    new Menu.Pizza("margherita", new BigDecimal("5.00"), List.of("tomato", "mozzarella", "basil")),
                    new Menu.Pizza("marinara", new BigDecimal("4.50"), List.of("tomato", "garlic"))),
            List.of(
                    new Menu.Ingredient("tomato", new BigDecimal("1.00"), 10),
                    new Menu.Ingredient("mozzarella", new BigDecimal("1.50"), 10),
                    new Menu.Ingredient("basil", new BigDecimal("0.50"), 10),
                    new Menu.Ingredient("garlic", new BigDecimal("0.40"), 10)));

    final Map<UUID, Customer> customers = new HashMap<>();
    final List<Ticket> orders = new ArrayList<>();
    final List<Escalation> escalations = new ArrayList<>();
    Menu menu = MENU;
    int queries;

    @Override
    public @Nullable Customer customer(UUID customer) {
        return customers.get(customer);
    }

    @Override
    public List<Ticket> orders(UUID customer, long before, int limit) {
        queries++;
        return orders.stream()
                .filter(order -> order.seq() < before)
                .sorted(Comparator.comparingLong(Ticket::seq).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public @Nullable Ticket order(UUID customer, UUID order) {
        queries++;
        return orders.stream().filter(one -> one.id().equals(order)).findFirst().orElse(null);
    }

    @Override
    public @Nullable Order orderOfRequest(UUID customer, RequestId request) {
        queries++;
        return orders.stream()
                .map(Ticket::order)
                .filter(one -> one.requestId().equals(request))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<Escalation> escalations(int limit) {
        return escalations.stream().limit(limit).toList();
    }

    @Override
    public Menu menu() {
        return menu;
    }

    /// The customer's orders 1 to `count`, made by requests `client:1`, `client:2`, ….
    void hasOrders(int count) {
        for (long seq = 1; seq <= count; seq++) orders.add(ticket(seq));
    }

    /// What a handler wrote stands in the tables now.
    void commit(RecordedWrites writes) {
        for (Record row : writes.rows)
            switch (row) {
                case InsertEvent event -> change(event.order(), ticket -> ticket.at(event.kind(), event.at()));
                case Escalate late -> change(late.order(), Ticket::escalated);
                default -> {}
            }
    }

    private void change(UUID order, UnaryOperator<Ticket> how) {
        orders.replaceAll(ticket -> ticket.id().equals(order) ? how.apply(ticket) : ticket);
    }

    static Ticket ticket(long seq) {
        return Ticket.placed(order(seq));
    }

    static Order order(long seq) {
        Instant placed = Instant.EPOCH.plusSeconds(seq);
        return new Order(
                new UUID(0, seq),
                seq,
                RequestId.ofClient(Long.toString(seq)),
                Fingerprint.of(ReorderRequest.AS_USUAL),
                new Address("Via Roma 1"),
                "margherita",
                List.of("tomato"),
                new BigDecimal("6.00"),
                placed,
                placed.plusSeconds(1800));
    }
}
