package plumb.dispatch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import plumb.Statement;
import plumb.Writes;
import plumb.commit.Write;
import plumb.keyspace.Key;

/// The table of alarms, in memory: knows what is committed.
final class AlarmTwin implements AlarmTable {
    record Row(Key key, PendingAlarm alarm, boolean set) {}

    private record Id(Key key, String name, String argument) {}

    private static final Statement<Row> CHANGE = Statement.of(Row.class, "alarm");

    private final Map<Id, PendingAlarm> rows = new ConcurrentHashMap<>();
    volatile boolean isAway;

    @Override
    public List<PendingAlarm> of(Key key) {
        if (isAway) throw new IllegalStateException("the test wants it");
        return rows.entrySet().stream()
                .filter(row -> row.getKey().key().equals(key))
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

    void apply(Write write) {
        var row = (Row) write.row();
        if (row.set()) put(row.key(), row.alarm());
        else rows.remove(new Id(row.key(), row.alarm().name(), row.alarm().argument()));
    }

    void put(Key key, PendingAlarm alarm) {
        rows.put(new Id(key, alarm.name(), alarm.argument()), alarm);
    }

    void put(Key key, String name, String argument, Instant due) {
        put(key, new PendingAlarm(name, argument, due, 0));
    }
}
