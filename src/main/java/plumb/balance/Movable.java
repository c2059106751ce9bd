package plumb.balance;

import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import plumb.balance.Snapshot.Part;

/// Ranges of one domain and owner that may be moved, by what they weigh: of ten thousand, the one that fits best is
/// found without a look at each.
final class Movable {
    /// Of those that weigh the same, the first id comes last.
    private record Place(double weight, int id) {
        private static final Comparator<Place> ORDER =
                Comparator.comparingDouble(Place::weight).thenComparing(Place::id, Comparator.reverseOrder());

        private static Place lastOf(double weight) {
            return new Place(weight, Integer.MIN_VALUE);
        }
    }

    private final NavigableMap<Place, Part> places = new TreeMap<>(Place.ORDER);

    void add(Part part, double weight) {
        places.put(new Place(weight, part.id().value()), part);
    }

    void remove(Part part, double weight) {
        places.remove(new Place(weight, part.id().value()));
    }

    /// The heaviest that is not above that weight and the lightest that is, each the first of its kind.
    Stream<Part> around(double weight) {
        Map.Entry<Place, Part> below = places.floorEntry(Place.lastOf(weight));
        Map.Entry<Place, Part> above = places.higherEntry(Place.lastOf(weight));
        if (above != null) above = places.floorEntry(Place.lastOf(above.getKey().weight()));
        return Stream.concat(Stream.ofNullable(below), Stream.ofNullable(above)).map(Map.Entry::getValue);
    }
}
