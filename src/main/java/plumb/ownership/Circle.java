package plumb.ownership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import plumb.keyspace.Incarnation;

/// Instances in the circle of their ids. What must be looked at often is looked at by the few that come before it, so
/// the cost does not grow with the square of their number.
final class Circle {
    /// So many neighbours does each instance look at often.
    static final int NEIGHBOURS = 3;

    private Circle() {}

    /// The first `most` that come after `self`, which is not among them.
    static List<InstanceRow> after(Incarnation self, List<InstanceRow> rows, int most) {
        List<InstanceRow> others = rows.stream()
                .filter(row -> !row.incarnation().equals(self))
                .sorted(Comparator.comparing(row -> row.incarnation().id()))
                .toList();
        long before = others.stream()
                .filter(row -> row.incarnation().id().compareTo(self.id()) < 0)
                .count();
        var after = new ArrayList<InstanceRow>();
        for (int i = 0; i < Math.min(most, others.size()); i++)
            after.add(others.get((int) ((before + i) % others.size())));
        return after;
    }
}
