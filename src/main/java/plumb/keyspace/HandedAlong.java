package plumb.keyspace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

    /// What of it belongs to keys of that range.
    public HandedAlong within(KeyRange keys) {
        var inside = new HashMap<>(states);
        inside.keySet().removeIf(key -> !keys.contains(Slot.of(key)));
        return new HandedAlong(
                inside, live.stream().filter(key -> keys.contains(Slot.of(key))).toList());
    }

    /// Both; they are about different keys.
    public HandedAlong and(HandedAlong other) {
        var both = new HashMap<>(states);
        both.putAll(other.states);
        return new HandedAlong(
                both, Stream.concat(live.stream(), other.live.stream()).toList());
    }

    public boolean isEmpty() {
        return states.isEmpty() && live.isEmpty();
    }
}
