package plumb.balance;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import plumb.balance.Snapshot.Member;
import plumb.balance.Snapshot.Part;
import plumb.keyspace.Incarnation;

/// What each range weighs and each member carries, as the steps of a plan change it.
///
/// A range weighs its load and a little for being there: so idle ranges are spread by their number, and one that wakes
/// up is not the hundredth on one instance. Where next to nothing is going on, each weighs the same: what is left of
/// earlier loads fades at different speeds, and would send ranges to and fro.
final class Scales {
    private static final double FOR_BEING_THERE = 0.1;
    private final Map<Incarnation, Double> carried = new HashMap<>();
    private final boolean idle;
    private final double floor;
    private final double mean;

    /// @param nothing all loads together are next to nothing, if they are less
    Scales(Snapshot snapshot, double nothing) {
        double load = snapshot.parts().stream().mapToDouble(Part::load).sum();
        int parts = Math.max(1, snapshot.parts().size());
        idle = load < nothing;
        floor = idle ? nothing / parts : FOR_BEING_THERE * load / parts;
        snapshot.members().forEach(member -> carried.put(member.id(), 0.0));
        for (Part part : snapshot.parts()) carried.computeIfPresent(part.owner(), (id, sum) -> sum + weight(part));
        mean = carried.values().stream().mapToDouble(Double::doubleValue).sum() / Math.max(1, carried.size());
    }

    double weight(Part part) {
        return idle ? floor : part.load() + floor;
    }

    /// Then a move disturbs nobody.
    boolean idle() {
        return idle;
    }

    /// Of the members.
    double mean() {
        return mean;
    }

    double of(Incarnation member) {
        return carried.getOrDefault(member, 0.0);
    }

    double of(Member member) {
        return of(member.id());
    }

    void move(Part part, Incarnation to) {
        carried.computeIfPresent(part.owner(), (id, sum) -> sum - weight(part));
        carried.computeIfPresent(to, (id, sum) -> sum + weight(part));
    }

    /// The fullest over the mean.
    double worst() {
        return mean <= 0
                ? 1
                : carried.values().stream().max(Comparator.naturalOrder()).orElse(mean) / mean;
    }
}
