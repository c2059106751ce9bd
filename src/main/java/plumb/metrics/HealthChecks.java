package plumb.metrics;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.function.Function;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/// The checks for MicroProfile Health.
@ApplicationScoped
public class HealthChecks {
    @Inject
    Provider<Health> health;

    @Produces
    @ApplicationScoped
    @Startup
    HealthCheck started() {
        return check("plumb-started", Health::started);
    }

    @Produces
    @ApplicationScoped
    @Readiness
    HealthCheck ready() {
        return check("plumb-ready", Health::ready);
    }

    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck live() {
        return check("plumb-live", Health::live);
    }

    private HealthCheck check(String name, Function<Health, Health.Check> question) {
        return () -> {
            Health.Check check = question.apply(health.get());
            HealthCheckResponseBuilder answer = HealthCheckResponse.named(name).status(check.up());
            check.data().forEach((key, value) -> answer.withData(key, value.toString()));
            return answer.build();
        };
    }
}
