package plumb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the method of a [PerKey] class that tells operators what is in memory: a record, which is shown as JSON on the
/// key's page and at `GET /api/plumb/keys/{domain}/{key}`. Takes no parameter; runs as a request does; must not write.
///
/// Opt-in, because state is people's: leave out what an operator need not see. Viewers are shown none of it.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Describe {}
