package plumb.commit;

import java.util.List;
import plumb.keyspace.Tenure;

/// What one turn wants committed: as a whole or not at all, and only while its tenure holds.
///
/// @param tenure the one noted before the handler's load
/// @param writes none: the unit only asks the fence ([#probe])
public record Unit(Tenure tenure, List<Write> writes) {
    public Unit {
        writes = List.copyOf(writes);
    }

    /// Goes the whole way, writes nothing, and is committed if that tenure holds.
    public static Unit probe(Tenure tenure) {
        return new Unit(tenure, List.of());
    }

    boolean writesSomething() {
        return !writes.isEmpty();
    }
}
