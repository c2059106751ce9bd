package plumb.runtime;

import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.Owned;

/// Checks every use of [Owned] at deployment: its domain exists, and its path parameter is in the path.
final class OwnedResources {
    private record Use(String where, Owned owned) {}

    private final List<Use> uses = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    void add(AnnotatedType<?> resource) {
        String name = resource.getJavaClass().getName();
        Owned onClass = resource.getAnnotation(Owned.class);
        String classPath = path(resource.getAnnotation(Path.class));
        if (onClass != null) uses.add(new Use(name, onClass));
        for (AnnotatedMethod<?> method : resource.getMethods()) {
            Owned onMethod = method.getAnnotation(Owned.class);
            if (onClass != null && onMethod != null)
                problems.add(name + "." + method.getJavaMember().getName()
                        + ": @Owned stands on the class and on the method; keep one");
            Owned owned = onMethod != null ? onMethod : onClass;
            if (owned == null || !isResourceMethod(method)) continue;
            String where = name + "." + method.getJavaMember().getName();
            if (onMethod != null) uses.add(new Use(where, onMethod));
            String full = classPath + "/" + path(method.getAnnotation(Path.class));
            if (!hasParameter(full, parameter(owned)))
                problems.add(where + ": @Owned wants the path parameter {" + parameter(owned) + "}, which its path \""
                        + full + "\" does not have");
        }
    }

    /// Every misuse, one sentence each.
    List<String> problems(PerKeyTypes types) {
        var all = new ArrayList<>(problems);
        for (Use use : uses)
            if (!types.hasDomain(use.owned.value()))
                all.add(use.where + ": @Owned(\"" + use.owned.value()
                        + "\") names a domain for which there is no @PerKey class");
        return all;
    }

    private static String parameter(Owned owned) {
        return owned.param().isEmpty() ? owned.value() : owned.param();
    }

    private static boolean isResourceMethod(AnnotatedMethod<?> method) {
        return method.getAnnotations().stream()
                .anyMatch(a -> a.annotationType().isAnnotationPresent(jakarta.ws.rs.HttpMethod.class));
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
