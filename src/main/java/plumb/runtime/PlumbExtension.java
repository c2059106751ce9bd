package plumb.runtime;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import jakarta.enterprise.inject.spi.WithAnnotations;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import plumb.Keyed;
import plumb.PerKey;

/// Finds [PerKey] at deployment and refuses misuse with one clear sentence each.
public class PlumbExtension implements Extension {
    private final PerKeyTypes types = new PerKeyTypes();
    private final List<InjectionPoint> injections = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    void perKey(@Observes @WithAnnotations(PerKey.class) ProcessAnnotatedType<?> found) {
        if (!found.getAnnotatedType().isAnnotationPresent(PerKey.class)) return;
        try {
            types.add(found.getAnnotatedType().getJavaClass());
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    void injected(@Observes ProcessInjectionPoint<?, ?> point) {
        injections.add(point.getInjectionPoint());
    }

    void check(@Observes AfterDeploymentValidation validation) {
        injections.forEach(this::check);
        problems.forEach(problem -> validation.addDeploymentProblem(new DeploymentException(problem)));
    }

    private void check(InjectionPoint point) {
        Type type = point.getType();
        if (type instanceof Class<?> direct && types.hasType(direct))
            problems.add(point.getMember()
                    + ": a @PerKey class cannot be injected, it lives on its key's thread only; inject" + " Keyed<"
                    + direct.getSimpleName() + ">");
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == Keyed.class
                && !(generic.getActualTypeArguments()[0] instanceof Class<?> of && types.hasType(of)))
            problems.add(point.getMember() + ": Keyed<T> wants a class marked @PerKey, not "
                    + generic.getActualTypeArguments()[0].getTypeName());
    }

    /// The domains that were found.
    PerKeyTypes types() {
        return types;
    }
}
