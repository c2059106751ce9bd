package usualpizza;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.RequestId;
import plumb.Requests;

/// One customer's orders: the newest in memory, older ones in the database. Used by the customer's thread alone; what
/// is older than memory blocks it for a query.
final class Orders {
    /// How many are read when the customer is loaded.
    static final int LOADED = 200;
    /// How many are kept. So many more than a turn can add that what is dropped is always committed, and so can be
    /// read.
    static final int KEPT = 1_000;

    private final UUID customer;
    private final Archive archive;
    private final LinkedHashMap<UUID, Order> byId = new LinkedHashMap<>(); // oldest first
    private final Requests<UUID> requests = new Requests<>(KEPT, this::archived);

    /// Of a customer who has none.
    Orders(UUID customer, Archive archive) {
        this.customer = customer;
        this.archive = archive;
    }

    /// Blocks for a query.
    static Orders load(UUID customer, Archive archive) {
        var orders = new Orders(customer, archive);
        archive.orders(customer, Long.MAX_VALUE, LOADED).reversed().forEach(orders::add);
        return orders;
    }

    long nextSeq() {
        return byId.isEmpty() ? 1 : byId.lastEntry().getValue().seq() + 1;
    }

    private void add(Order committed) {
        remember(committed);
        requests.add(done(committed));
    }

    private void remember(Order order) {
        byId.put(order.id(), order);
        if (byId.size() > KEPT) byId.pollFirstEntry();
    }

    /// Has the request's order made, unless it has made one already.
    ///
    /// @param place makes it and has it written
    Effect<UUID> once(RequestId request, Fingerprint body, Supplier<Order> place) {
        return requests.once(request, body, () -> {
            Order order = place.get();
            remember(order);
            return order.id();
        });
    }

    private Requests.@Nullable Done<UUID> archived(RequestId request) {
        if (isComplete()) return null;
        Order older = archive.orderOfRequest(customer, request);
        return older == null ? null : done(older);
    }

    private static Requests.Done<UUID> done(Order order) {
        return new Requests.Done<>(order.requestId(), order.fingerprint(), order.id());
    }

    /// @return null: the customer has no such order
    @Nullable
    Order order(UUID id) {
        Order known = byId.get(id);
        return known != null || isComplete() ? known : archive.order(customer, id);
    }

    /// Newest first.
    ///
    /// @param before exclusive, a sequence number
    List<Order> before(long before, int limit) {
        var page = new ArrayList<Order>(limit);
        for (Order order : byId.sequencedValues().reversed()) {
            if (page.size() == limit) return page;
            if (order.seq() < before) page.add(order);
        }
        if (page.size() < limit && !isComplete())
            page.addAll(archive.orders(customer, Math.min(before, oldestSeq()), limit - page.size()));
        return page;
    }

    /// Nothing is in the database alone.
    private boolean isComplete() {
        return byId.isEmpty() || oldestSeq() == 1;
    }

    private long oldestSeq() {
        return byId.firstEntry().getValue().seq();
    }
}
