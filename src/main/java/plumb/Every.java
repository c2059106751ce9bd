package plumb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the method of a [PerKey] class that runs again and again while its key is in memory:
/// `@Every("PT1M") void sweep()`. Takes no parameter and returns nothing.
///
/// It runs on the key's own thread, as a request of its own behind those that wait ([Writes], [Undo] and [Alarms] work
/// in it), first when that time has passed since the key came into memory, then when it has passed since the last run
/// ended: runs never pile up. It neither brings a key into memory nor keeps it there, and nobody remembers it: what
/// must happen also if nobody asks for the key is an [Alarm].
///
/// What it throws is logged, and treated as for every request: the state is dropped, unless it was a [Rejection] before
/// the first write or [Undo] took everything back.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Every {
    /// The pause between two runs, as ISO 8601 writes it: `PT0.5S`, `PT1M`. At least 100 milliseconds.
    String value();
}
