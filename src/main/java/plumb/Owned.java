package plumb;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a JAX-RS resource class or method whose requests are about one key, and hence belong to that key's owner.
///
/// The request is forwarded to the owner before the resource method runs, so the method runs on the owner only.
@NameBinding
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Owned {
    /// The domain, as in [PerKey#domain()]; `{name}`: the path parameter of that name says which.
    String value();

    /// The path parameter that carries the key; by default the one named like the domain.
    String param() default "";
}
