package plumb.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plumb.Deadline;
import plumb.Handler;

/// Rings the alarms of one handler, as long as its state is in memory: an entry of the agenda for the next one, then a
/// look through the mailbox. Of one state; used by the key's thread.
final class AlarmClock<T> {
    /// How long a look may wait in the mailbox.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// The agenda's clock goes on while people set theirs: so often they are compared.
    private static final Duration LONGEST_SIGHT = Duration.ofHours(1);

    private final HandlerLoop<T> loop;
    private final Core core;
    private final Handler<T> handler;
    private final T state;
    private final AlarmBook alarms;
    private Agenda.@Nullable Entry ring;
    private @Nullable Instant ringsAt;

    AlarmClock(HandlerLoop<T> loop, Core core, Handler<T> handler, T state, AlarmBook alarms) {
        this.loop = loop;
        this.core = core;
        this.handler = handler;
        this.state = state;
        this.alarms = alarms;
        arm();
    }

    /// The state is dropped: nothing of it rings any more.
    void end() {
        if (ring != null) ring.cancel();
        ring = null;
    }

    /// The key's turn has ended: the next alarm may be another one now.
    void arm() {
        Instant next = alarms.next();
        if (Objects.equals(next, ringsAt)) return;
        end();
        ringsAt = next;
        if (next != null) ring = ringAt(next);
    }

    private Agenda.Entry ringAt(Instant due) {
        Duration left = Duration.between(now(), due);
        boolean soon = left.compareTo(LONGEST_SIGHT) < 0;
        Instant by = soon ? due : Instant.MIN;
        Duration pause = soon ? left : LONGEST_SIGHT;
        return core.clockwork().agenda().at(loop.nowNanos() + pause.toNanos(), () -> ring(by));
    }

    /// On the agenda's thread. If there is no room for it, whoever looks into the table finds the alarm.
    private void ring(Instant by) {
        loop.offerOwn(new Ringing<T>(core).envelope(by, Deadline.in(PATIENCE, loop.nowNanos())));
    }

    /// The next alarm that may fire now; others come after it.
    ///
    /// @param by what is due then may, too: somebody else's clock says so
    /// @return null: there is none
    @Nullable
    PendingAlarm due(Instant by) {
        ringsAt = null; // whatever comes of it, it is armed anew after the turn
        return alarms.due(later(by, now()));
    }

    /// One that throws does not ring again at the end of this turn: first comes [#postpone], or who looks into the
    /// table.
    void fire(PendingAlarm alarm) {
        ringsAt = alarm.due();
        Undeclared.run(() -> handler.alarm(state, alarm.name(), alarm.argument()));
        alarms.fired(alarm);
        ringsAt = null;
    }

    /// It failed: later again, by whichever clock is ahead, or it would be due all the time for the other one.
    void postpone(PendingAlarm alarm) {
        ringsAt = null;
        alarms.postpone(alarm, later(alarm.due(), now()));
    }

    private Instant now() {
        return core.clockwork().time().instant();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
