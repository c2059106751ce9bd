package plumb.dispatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Refusal;
import plumb.dispatch.DispatchStats.Event;

/// One look of a key after its alarms, and what becomes of the one that fires: gone with its commit, or later again.
final class Ringing<T> {
    private static final Logger LOG = System.getLogger(Ringing.class.getName());

    /// How long the note that an alarm has failed may wait in the mailbox.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Core core;
    private @Nullable HandlerLoop<T> loop; // written before the answer leaves
    private @Nullable PendingAlarm alarm;
    private Duration lag = Duration.ZERO;

    Ringing(Core core) {
        this.core = core;
    }

    /// @param by what is due then, or has been before, may fire
    Envelope<T, Object> envelope(Instant by, Deadline deadline) {
        var envelope = new Envelope<T, Object>(Rank.ALARM, deadline, state -> ring(by));
        envelope.reply().whenComplete((done, failure) -> settled(failure));
        return envelope;
    }

    @SuppressWarnings("unchecked") // the turn's loop is the one that the envelope was put into
    private Object ring(Instant by) {
        var here = (HandlerLoop<T>) Turn.current().loop();
        AlarmClock<T> clock = here.live().alarmClock();
        PendingAlarm due = clock == null ? null : clock.due(by);
        loop = here;
        alarm = due; // also if it runs for the second time, in a turn after one that came to nothing
        if (clock == null || due == null) return this;
        if (!core.trusted().getAsBoolean())
            throw new NotOwner("an alarm of " + here.key() + " is due, but its lease is not surely held any more");
        lag = Duration.between(due.due(), core.clockwork().time().instant());
        clock.fire(due);
        return this;
    }

    /// On the thread of the answer.
    private void settled(@Nullable Throwable failure) {
        HandlerLoop<T> rang = loop;
        PendingAlarm fired = alarm;
        if (rang == null || fired == null) return;
        if (failure == null) {
            core.stats().fired(lag);
            return;
        }
        // not here, or not now: it stands in the table, and who looks there finds it again
        if (failure instanceof Refusal || failure instanceof OutcomeUnknown) return;
        core.stats().add(Event.ALARM_FAILED);
        LOG.log(Level.WARNING, () -> "the alarm \"" + fired.name() + "\" of " + rang.key() + " failed", failure);
        // housekeeping: that it works says nothing for a key whose alarms fail, one after the other
        rang.offerOwn(new Envelope<T, Object>(Rank.TICK, Deadline.in(PATIENCE, rang.nowNanos()), state -> {
            AlarmClock<T> clock = rang.live().alarmClock();
            if (clock != null) clock.postpone(fired);
            return this;
        }));
    }
}
