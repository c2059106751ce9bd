package usualpizza;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One customer's orders: the newest in memory, older ones in the database. Used by the customer's thread alone; what
/// is older than memory blocks it for a query.
final class Orders {
    /// How many are read when the customer is loaded.
    static final int LOADED = 200;
    /// How many are kept. So many more than a turn can add that what is dropped is always committed, and so can be
    /// read.
    static final int KEPT = 1_000;

    // a minted id comes again only while its request is under way; should a thousand others overtake it, the unique
    // constraint still refuses a second order
    private static final String CLIENTS_OWN = "client:";

    private final UUID customer;
    private final Archive archive;
    private final LinkedHashMap<String, Order> byRequest = new LinkedHashMap<>(); // oldest first
    private final Map<UUID, Order> byId = new HashMap<>();

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
        return byRequest.isEmpty() ? 1 : byRequest.lastEntry().getValue().seq() + 1;
    }

    void add(Order order) {
        byRequest.put(order.requestId(), order);
        byId.put(order.id(), order);
        if (byRequest.size() > KEPT)
            byId.remove(byRequest.pollFirstEntry().getValue().id());
    }

    /// @return null: that request made no order
    @Nullable
    Order ofRequest(String requestId) {
        Order known = byRequest.get(requestId);
        if (known != null || isComplete() || !requestId.startsWith(CLIENTS_OWN)) return known;
        return archive.orderOfRequest(customer, requestId);
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
        for (Order order : byRequest.sequencedValues().reversed()) {
            if (page.size() == limit) return page;
            if (order.seq() < before) page.add(order);
        }
        if (page.size() < limit && !isComplete())
            page.addAll(archive.orders(customer, Math.min(before, oldestSeq()), limit - page.size()));
        return page;
    }

    /// Nothing is in the database alone.
    private boolean isComplete() {
        return byRequest.isEmpty() || oldestSeq() == 1;
    }

    private long oldestSeq() {
        return byRequest.firstEntry().getValue().seq();
    }
}
