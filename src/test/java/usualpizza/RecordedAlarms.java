package usualpizza;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import plumb.Alarms;
import plumb.Overloaded;

/// Keeps what is set; counts how often.
final class RecordedAlarms implements Alarms {
    /// An alarm as it is known.
    record Id(String name, Object argument) {}

    final Map<Id, Instant> set = new HashMap<>();
    int most = 1_000;
    int settings;

    @Override
    public void set(String name, Object argument, Instant due) {
        settings++;
        if (set.size() >= most) throw new Overloaded(Overloaded.Scope.KEY, "too many");
        set.put(new Id(name, argument), due);
    }

    @Override
    public void set(String name, Instant due) {
        set(name, "", due);
    }

    @Override
    public boolean cancel(String name, Object argument) {
        return set.remove(new Id(name, argument)) != null;
    }

    @Override
    public boolean cancel(String name) {
        return cancel(name, "");
    }

    @Override
    public Optional<Instant> due(String name, Object argument) {
        return Optional.ofNullable(set.get(new Id(name, argument)));
    }

    @Override
    public Optional<Instant> due(String name) {
        return due(name, "");
    }
}
