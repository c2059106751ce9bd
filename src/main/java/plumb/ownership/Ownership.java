package plumb.ownership;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Slot;

/// How ranges come to their owners. The same on every instance. What protects a range is the same in both ways:
/// heartbeats, epochs and the fence.
public sealed interface Ownership {
    /// Every range belongs to somebody as long as anybody lives: fair shares, take-overs, planned moves.
    ///
    /// @param evenly owners give surplus away until everybody has as many ranges; false: a planner sees to it
    record Leased(boolean evenly) implements Ownership {}

    /// Every range belongs to a name. Nobody else claims it while that instance is away, and nothing is moved.
    ///
    /// @param names of all instances; their order is part of the meaning
    record Static(List<String> names) implements Ownership {
        public Static {
            if (names.isEmpty()) throw new IllegalArgumentException("at least one instance has a name");
            if (new HashSet<>(names).size() < names.size())
                throw new IllegalArgumentException("a name stands there twice: " + String.join(",", names));
            names = List.copyOf(names);
        }

        /// Whose keys these are. Each name has an equal part of the key space, in their order, and a range belongs to
        /// the part that has its middle, however it came by its bounds.
        public String nameOf(KeyRange keys) {
            long middle = (keys.lo() + keys.hi()) / 2;
            return names.get(Math.toIntExact(middle * names.size() / Slot.SPACE));
        }

        /// Those of the rows that belong to that name.
        List<RangeRow> ofName(String name, Collection<RangeRow> rows) {
            return rows.stream().filter(row -> nameOf(row.keys()).equals(name)).toList();
        }
    }
}
