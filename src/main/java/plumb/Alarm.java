package plumb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the method of a [PerKey] class that runs when an alarm of that name is due, set by [Alarms]:
///
/// ```java
/// alarms.set("late", order.id(), order.expectedAt());          // in the request that places the order
///
/// @Alarm("late") void late(UUID order) { … }                   // at that time, wherever the key is owned by then
/// ```
///
/// Takes the argument that the alarm was set with (a `UUID`, `String` or `long`), or none, and returns nothing. It runs
/// on the key's own thread, behind urgent requests and before the usual ones; the key is loaded for it if need be.
///
/// **At least once**: an alarm is a row, written with the request that set it, and it goes away in the commit of what
/// its method writes. If that commit does not happen (the method throws, the instance dies, the range moves), it fires
/// again, at the new owner too. So what the method writes through [Writes] happens once; what it does elsewhere may
/// happen twice. It never fires where the key is not surely owned. A method that throws is tried again after a pause
/// that grows from a second to five minutes.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Alarm {
    /// The alarm's name, unique in its domain: lower-case letters, digits and dashes.
    String value();
}
