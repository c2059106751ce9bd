package plumb.runtime;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.Owned;

/// Checks every use of [Owned] at deployment: its domain exists, and its path parameter is in the path.
///
/// By reflection, not by a CDI extension: resource classes need no scope, and those without one are never shown to it.
final class OwnedResources {
    private final PerKeyTypes types;
    private final List<String> problems = new ArrayList<>();

    OwnedResources(PerKeyTypes types) {
        this.types = types;
    }

    /// One sentence each.
    static List<String> problems(PerKeyTypes types, List<Class<?>> classes) {
        var resources = new OwnedResources(types);
        for (Class<?> each : classes) if (each.isAnnotationPresent(Path.class)) resources.check(each);
        return resources.problems;
    }

    private void check(Class<?> resource) {
        Owned onClass = resource.getAnnotation(Owned.class);
        if (onClass != null) checkDomain(resource.getName(), onClass);
        for (Method method : resource.getDeclaredMethods()) check(resource, onClass, method);
    }

    private void check(Class<?> resource, @Nullable Owned onClass, Method method) {
        String where = resource.getName() + "." + method.getName();
        Owned onMethod = method.getAnnotation(Owned.class);
        if (onClass != null && onMethod != null)
            problems.add(where + ": @Owned stands on the class and on the method; keep one");
        Owned owned = onMethod != null ? onMethod : onClass;
        if (owned == null || !isResourceMethod(method)) return;
        if (onMethod != null) checkDomain(where, onMethod);
        String path = path(resource.getAnnotation(Path.class)) + "/" + path(method.getAnnotation(Path.class));
        String parameter = owned.param().isEmpty() ? owned.value() : owned.param();
        if (!hasParameter(path, parameter))
            problems.add(where + ": @Owned wants the path parameter {" + parameter + "}, which its path \"" + path
                    + "\" does not have");
    }

    private void checkDomain(String where, Owned owned) {
        if (!owned.value().startsWith("{") && !types.hasDomain(owned.value()))
            problems.add(
                    where + ": @Owned(\"" + owned.value() + "\") names a domain for which there is no @PerKey class");
    }

    static boolean isResourceMethod(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().isAnnotationPresent(HttpMethod.class));
    }

    private static boolean hasParameter(String path, String parameter) {
        return Pattern.compile("\\{\\s*" + Pattern.quote(parameter) + "\\s*(:[^}]*)?}")
                .matcher(path)
                .find();
    }

    private static String path(@Nullable Path path) {
        return path == null ? "" : path.value();
    }
}
