package plumb.dispatch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is in memory of one key.
///
/// @param live whether anything is
/// @param waiting requests in its mailbox
/// @param alarms that are set, the next one first
/// @param state as its class describes it, JSON; null: it does not
public record Glance(
        boolean live,
        int waiting,
        List<PendingAlarm> alarms,
        @Nullable String state) {
    static final Glance NOTHING = new Glance(false, 0, List.of(), null);

    public Glance {
        alarms = List.copyOf(alarms);
    }
}
