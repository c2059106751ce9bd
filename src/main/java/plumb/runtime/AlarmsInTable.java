package plumb.runtime;

import java.util.List;
import plumb.Writes;
import plumb.dispatch.AlarmTable;
import plumb.dispatch.ContainerTasks;
import plumb.dispatch.PendingAlarm;
import plumb.keyspace.Key;
import plumb.postgres.AlarmRows;

/// Alarms in `plumb.alarm`. Reads run on the server's threads, as all of a load does.
///
/// @param container where reads run
record AlarmsInTable(AlarmRows rows, ContainerTasks container) implements AlarmTable {
    @Override
    public List<PendingAlarm> of(Key key) throws Exception {
        return container.run(() -> rows.of(key).stream()
                .map(row -> new PendingAlarm(row.name(), row.argument(), row.due(), row.attempts()))
                .toList());
    }

    @Override
    public void set(Writes writes, Key key, PendingAlarm alarm) {
        writes.add(AlarmRows.SET, row(key, alarm));
    }

    @Override
    public void clear(Writes writes, Key key, PendingAlarm alarm) {
        writes.add(AlarmRows.CLEAR, row(key, alarm));
    }

    private static AlarmRows.Row row(Key key, PendingAlarm alarm) {
        return new AlarmRows.Row(key, alarm.name(), alarm.argument(), alarm.due(), alarm.attempts());
    }
}
