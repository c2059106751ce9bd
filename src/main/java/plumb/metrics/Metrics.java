package plumb.metrics;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import jakarta.servlet.ServletContext;
import org.eclipse.microprofile.metrics.MetricRegistry;

/// Registers every figure once the parts run. Names as in the README; never a customer in a label.
@ApplicationScoped
public class Metrics {
    @Inject
    MetricRegistry registry;

    void register(
            @Observes @Initialized(ApplicationScoped.class) @Priority(Interceptor.Priority.LIBRARY_AFTER) Object event,
            Instance<OwnershipMetrics> ownership,
            Instance<RequestMetrics> requests) {
        if (!(event instanceof ServletContext)) return;
        var gauges = new Gauges(registry);
        ownership.get().register(gauges);
        requests.get().register(gauges);
    }
}
