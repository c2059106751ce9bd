package plumb.keyspace;

import java.util.List;
import java.util.Map;

/// What the owner of a range gives its successor in a planned move, in the transaction that moves it.
///
/// @param states what only memory knew, by key (its canonical text), as JSON
/// @param live keys whose state was in memory, the successor loads them before somebody asks
public record HandedAlong(Map<String, String> states, List<String> live) {
    /// Nothing was in memory.
    public static final HandedAlong NOTHING = new HandedAlong(Map.of(), List.of());

    public HandedAlong {
        states = Map.copyOf(states);
        live = List.copyOf(live);
    }

    public boolean isEmpty() {
        return states.isEmpty() && live.isEmpty();
    }
}
