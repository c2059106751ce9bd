package plumb.dispatch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What handlers need to act by themselves.
///
/// @param agenda somebody serves it, else nothing ever happens by itself
/// @param time the clock for people, by which alarms are due
public record Clockwork(Agenda agenda, AlarmTable alarms, InstantSource time) {
    /// The same with another agenda.
    Clockwork with(Agenda other) {
        return new Clockwork(other, alarms, time);
    }

    /// Nothing happens by itself.
    public static Clockwork standingStill(LongSupplier nanoTime) {
        return new Clockwork(new Agenda(nanoTime), AlarmTable.none(), () -> Instant.EPOCH);
    }
}
