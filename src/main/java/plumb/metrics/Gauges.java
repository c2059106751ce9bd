package plumb.metrics;

import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/// Registers figures that are read when somebody asks: the parts count for themselves, in plain Java, so a scrape is
/// all that metrics cost.
final class Gauges {
    private final MetricRegistry registry;

    Gauges(MetricRegistry registry) {
        this.registry = registry;
    }

    <T> void add(String name, String description, T part, ToDoubleFunction<T> value, Tag... tags) {
        Metadata metadata = Metadata.builder()
                .withName("plumb_" + name)
                .withDescription(description)
                .build();
        registry.gauge(metadata, part, value::applyAsDouble, tags);
    }
}
