package plumb.access;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Who may call a resource's method. On a class: each of its methods that says nothing else.
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Allowed {
    /// From this role on.
    Role value() default Role.VIEWER;

    /// Also a script on the same machine, without a name, and although nothing may be changed: what ends an instance
    /// must be able to drain it first.
    boolean orOnLoopback() default false;
}
