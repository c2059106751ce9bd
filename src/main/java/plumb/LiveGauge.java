package plumb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the method of a [PerKey] class that says how much its key adds to a figure of the whole cluster right now:
/// `@LiveGauge("pizzas_in_preparation") int cooking()`. Takes no parameter and returns an `int` or a `long`: sums are
/// kept up by differences, and fractions would not come out even.
///
/// The method runs on the key's own thread after the load and after each turn, before the turn's answers leave: who has
/// got his answer finds it counted. It reads fields, and must neither block nor write. The difference to the last time
/// is added to a sum per range; nobody ever walks over the handlers.
///
/// **The sum is over the keys that are in memory at their owners.** A key that was passivated, or whose owner died,
/// counts again when something loads it. What must be known of every key there is, count in the database.
///
/// Each instance shows its part as the metric `plumb_live` with the labels `domain` and `gauge`; `GET
/// /api/plumb/gauges/{name}` adds up the ranges of all instances, each once.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface LiveGauge {
    /// The figure's name, unique in the application: lower-case letters, digits and underscores.
    String value();
}
