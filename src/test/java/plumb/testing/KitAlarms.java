package plumb.testing;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import plumb.Statement;
import plumb.Writes;
import plumb.dispatch.AlarmTable;
import plumb.dispatch.PendingAlarm;
import plumb.keyspace.Key;

/// The table of alarms: what is committed of them. Safe for use by several threads.
final class KitAlarms implements AlarmTable {
    /// What is written to it.
    ///
    /// @param set false: it is deleted
    record Row(Key key, PendingAlarm alarm, boolean set) {}

    private record Id(Key key, String name, String argument) {
        static Id of(Key key, PendingAlarm alarm) {
            return new Id(key, alarm.name(), alarm.argument());
        }
    }

    private static final Statement<Row> CHANGE = Statement.of(Row.class, "plumb.alarm");

    private final Map<Id, PendingAlarm> committed = new HashMap<>();

    synchronized void committed(Row row) {
        Id id = Id.of(row.key(), row.alarm());
        if (row.set()) committed.put(id, row.alarm());
        else committed.remove(id);
    }

    synchronized List<PendingAlarm> all() {
        return List.copyOf(committed.values());
    }

    /// The keys of which one is due by then, those first that are due for longest.
    synchronized List<Key> due(Instant by) {
        return committed.entrySet().stream()
                .filter(each -> !each.getValue().due().isAfter(by))
                .sorted(Comparator.comparing(each -> each.getValue().due()))
                .map(each -> each.getKey().key())
                .distinct()
                .toList();
    }

    @Override
    public synchronized List<PendingAlarm> of(Key key) {
        return committed.entrySet().stream()
                .filter(each -> each.getKey().key().equals(key))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public void set(Writes writes, Key key, PendingAlarm alarm) {
        writes.add(CHANGE, new Row(key, alarm, true));
    }

    @Override
    public void clear(Writes writes, Key key, PendingAlarm alarm) {
        writes.add(CHANGE, new Row(key, alarm, false));
    }
}
