package plumb;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a class of which there is one instance per key, cluster-wide: plain fields, no locks, injection as in any
/// bean.
///
/// The engine creates it on the key's own thread, calls `@PostConstruct` there (load the state in it), runs every
/// request there, and discards it there. Nobody else ever holds a reference: reach it by [Keyed]. Exactly one injected
/// field is marked [Key]; its type (`UUID`, `long` or `String`) is the type of the domain's keys.
@Stereotype
@Dependent
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface PerKey {
    /// The domain's name: a key space of its own. Lower-case letters, digits and dashes.
    String domain();
}
