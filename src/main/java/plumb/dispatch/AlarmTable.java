package plumb.dispatch;

import java.util.List;
import plumb.Writes;
import plumb.keyspace.Key;

/// Where alarms are kept: read by a key's owner when the key comes into memory, and written with what its requests
/// write.
public interface AlarmTable {
    /// Of one key, all. Blocks.
    ///
    /// @throws Exception if it cannot be read
    List<PendingAlarm> of(Key key) throws Exception;

    /// Has one written, in place of the one with its name and argument.
    void set(Writes writes, Key key, PendingAlarm alarm);

    /// Has one deleted.
    void clear(Writes writes, Key key, PendingAlarm alarm);

    /// For domains without alarms.
    static AlarmTable none() {
        return new AlarmTable() {
            @Override
            public List<PendingAlarm> of(Key key) {
                return List.of();
            }

            @Override
            public void set(Writes writes, Key key, PendingAlarm alarm) {
                throw new IllegalStateException("no alarms are kept here");
            }

            @Override
            public void clear(Writes writes, Key key, PendingAlarm alarm) {
                throw new IllegalStateException("no alarms are kept here");
            }
        };
    }
}
