package plumb.commit;

import java.util.List;
import plumb.keyspace.Tenure;

/// What one turn wants committed: as a whole or not at all, and only while its tenure holds.
///
/// @param tenure the one noted before the handler's load
public record Unit(Tenure tenure, List<Write> writes) {
    public Unit {
        writes = List.copyOf(writes);
        if (writes.isEmpty()) throw new IllegalArgumentException("a unit without writes needs no commit");
    }
}
