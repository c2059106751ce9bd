package usualpizza;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where the couriers of one customer's orders are. It changes all the time and is worth nothing tomorrow, so only
/// memory knows it: a planned move hands it along, a crash loses it, and the courier's next report mends that. Used by
/// the customer's thread alone.
final class Couriers {
    /// Orders on their way at once; beyond that the one heard of first is forgotten.
    static final int KEPT = 32;

    /// What travels in a planned move.
    ///
    /// @param reports in the order in which they came
    public record Kept(List<Report> reports) {}

    /// @param order whose courier
    public record Report(UUID order, Position position) {}

    private final LinkedHashMap<UUID, Position> positions = new LinkedHashMap<>();

    void report(UUID order, Position position) {
        positions.putLast(order, position);
        if (positions.size() > KEPT) positions.pollFirstEntry();
    }

    /// @return null: not known
    @Nullable
    Position of(UUID order) {
        return positions.get(order);
    }

    /// Nobody waits for him any more.
    void forget(UUID order) {
        positions.remove(order);
    }

    /// @return null: nothing is known
    @Nullable
    Kept keep() {
        if (positions.isEmpty()) return null;
        return new Kept(positions.sequencedEntrySet().stream()
                .map(known -> new Report(known.getKey(), known.getValue()))
                .toList());
    }

    void restore(Kept kept) {
        kept.reports().forEach(known -> report(known.order(), known.position()));
    }
}
