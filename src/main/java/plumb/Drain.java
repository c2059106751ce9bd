package plumb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the method of a [PerKey] class that says what only memory knows when its key moves to another instance as
/// planned: a record, which travels as JSON inside the transaction that moves the ownership, or null. The successor's
/// [Restore] method gets it. Takes no parameter; runs on the key's behalf after its last turn; must not write.
///
/// A crash loses what only memory knows: nobody is there to ask.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Drain {}
