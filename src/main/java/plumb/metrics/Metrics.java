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
import org.eclipse.microprofile.metrics.Tag;
import plumb.http.GaugeTotals;

/// Registers every figure once the parts run. Names as in the README; never a customer in a label.
@ApplicationScoped
public class Metrics {
    @Inject
    MetricRegistry registry;

    void register(
            @Observes @Initialized(ApplicationScoped.class) @Priority(Interceptor.Priority.LIBRARY_AFTER) Object event,
            Instance<OwnershipMetrics> ownership,
            Instance<RequestMetrics> requests,
            Instance<GaugeTotals> live) {
        if (!(event instanceof ServletContext)) return;
        var gauges = new Gauges(registry);
        ownership.get().register(gauges);
        requests.get().register(gauges);
        register(live.get(), gauges);
    }

    /// The domains' own figures, under one name: theirs are labels.
    private static void register(GaugeTotals live, Gauges gauges) {
        live.gauges()
                .forEach((gauge, domain) -> gauges.add(
                        "live",
                        "A domain's live gauge, over the keys that are in memory here",
                        live,
                        of -> of.here(gauge),
                        new Tag("domain", domain),
                        new Tag("gauge", gauge)));
    }
}
