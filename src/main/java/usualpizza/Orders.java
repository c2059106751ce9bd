package usualpizza;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.RequestId;
import plumb.Requests;
import plumb.Undo;

/// One customer's orders and how far they are: the newest in memory, older ones in the database. Used by the customer's
/// thread alone; what is older than memory blocks it for a query.
final class Orders {
    /// How many are read when the customer is loaded.
    static final int LOADED = 200;
    /// How many are kept. So many more than a turn can add that what is dropped is always committed, and so can be
    /// read.
    static final int KEPT = 1_000;

    private final UUID customer;
    private final Archive archive;
    private final Undo undo;
    private final Requests<UUID> requests;
    private final LinkedHashMap<UUID, Ticket> byId = new LinkedHashMap<>(); // oldest first
    /// Old ones that were changed: the database may not have it yet, and memory may drop the order before it does.
    private final LinkedHashMap<UUID, Ticket> oldChanged = new LinkedHashMap<>(); // last change last

    private int inKitchen;

    /// Of a customer who has none.
    Orders(UUID customer, Archive archive, Undo undo) {
        this.customer = customer;
        this.archive = archive;
        this.undo = undo;
        this.requests = new Requests<>(KEPT, this::archived, undo);
    }

    /// Blocks for a query.
    static Orders load(UUID customer, Archive archive, Undo undo) {
        var orders = new Orders(customer, archive, undo);
        archive.orders(customer, Long.MAX_VALUE, LOADED).reversed().forEach(orders::add);
        return orders;
    }

    long nextSeq() {
        return newestSeq() + 1;
    }

    private void add(Ticket committed) {
        byId.put(committed.id(), committed);
        count(committed, 1);
        requests.add(done(committed.order()));
    }

    /// Has the request's order made, unless it has made one already.
    ///
    /// @param place makes it and has it written
    Effect<UUID> once(RequestId request, Fingerprint body, Supplier<Order> place) {
        return requests.once(request, body, () -> {
            Order order = place.get();
            remember(Ticket.placed(order));
            return order.id();
        });
    }

    private void remember(Ticket placed) {
        byId.put(placed.id(), placed);
        count(placed, 1);
        Ticket dropped = byId.size() > KEPT ? byId.pollFirstEntry().getValue() : null;
        if (dropped != null) count(dropped, -1);
        undo.with(() -> forget(placed, dropped));
    }

    private void forget(Ticket placed, @Nullable Ticket dropped) {
        byId.remove(placed.id());
        count(placed, -1);
        if (dropped == null) return;
        byId.putFirst(dropped.id(), dropped);
        count(dropped, 1);
    }

    private void count(Ticket ticket, int one) {
        if (ticket.stage().isInKitchen()) inKitchen += one;
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
    Ticket ticket(UUID id) {
        Ticket known = byId.get(id);
        if (known == null) known = oldChanged.get(id);
        return known != null || isComplete() ? known : archive.order(customer, id);
    }

    /// An order of this customer as it is from now on.
    void change(Ticket changed) {
        Ticket before = byId.replace(changed.id(), changed);
        if (before != null) {
            count(before, -1);
            count(changed, 1);
        }
        if (changed.seq() > newestSeq() - LOADED) return;
        oldChanged.putLast(changed.id(), changed);
        if (oldChanged.size() > KEPT) oldChanged.pollFirstEntry();
    }

    /// How many of those in memory are being made.
    int inKitchen() {
        return inKitchen;
    }

    /// Those in memory that somebody still waits for, newest first.
    List<Ticket> open() {
        return byId.sequencedValues().reversed().stream()
                .filter(ticket -> ticket.stage().isOpen())
                .toList();
    }

    /// Newest first.
    ///
    /// @param before exclusive, a sequence number
    List<Ticket> before(long before, int limit) {
        var page = new ArrayList<Ticket>(limit);
        for (Ticket ticket : byId.sequencedValues().reversed()) {
            if (page.size() == limit) return page;
            if (ticket.seq() < before) page.add(ticket);
        }
        if (page.size() < limit && !isComplete())
            for (Ticket old : archive.orders(customer, Math.min(before, oldestSeq()), limit - page.size()))
                page.add(oldChanged.getOrDefault(old.id(), old));
        return page;
    }

    /// Nothing is in the database alone.
    private boolean isComplete() {
        return byId.isEmpty() || oldestSeq() == 1;
    }

    private long oldestSeq() {
        return byId.firstEntry().getValue().seq();
    }

    private long newestSeq() {
        Map.Entry<UUID, Ticket> newest = byId.lastEntry();
        return newest == null ? 0 : newest.getValue().seq();
    }
}
