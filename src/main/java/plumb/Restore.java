package plumb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the method of a [PerKey] class that takes what its predecessor's [Drain] method returned. Its only parameter
/// is of that type. Runs once, after the first load of the key at its new owner (`@PostConstruct`) and before its first
/// request.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Restore {}
