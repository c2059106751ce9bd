package plumb.runtime;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.Owned;
import plumb.keyspace.Domains;

/// What requests for owned resources look like, as far as their classes say.
final class OwnedRequests {
    private static final String ROOT = "/api";
    private static final Pattern TEMPLATE = Pattern.compile("\\{[^{}]*(?:\\{[^{}]*}[^{}]*)*}");
    private static final String JAX_RS = GET.class.getPackageName();
    private static final String SUSPENDED = JAX_RS + ".container";

    private OwnedRequests() {}

    /// The paths of all GETs, per domain, with the domain's example in every place that a template leaves open.
    static Map<String, List<String>> gets(List<Class<?>> classes, Domains domains) {
        var gets = new HashMap<String, List<String>>();
        for (Class<?> resource : classes)
            for (Method method : methods(resource)) {
                Owned owned = owned(resource, method);
                if (owned == null || !method.isAnnotationPresent(GET.class) || !domains.has(owned.value())) continue;
                String example = Objects.requireNonNull(domains.types().get(owned.value()))
                        .example();
                gets.computeIfAbsent(owned.value(), domain -> new ArrayList<>())
                        .add(TEMPLATE.matcher(path(resource, method)).replaceAll(Matcher.quoteReplacement(example)));
            }
        return gets;
    }

    /// The types of all bodies that clients send.
    static Set<Class<?>> bodies(List<Class<?>> classes) {
        var bodies = new LinkedHashSet<Class<?>>();
        for (Class<?> resource : classes)
            for (Method method : methods(resource))
                if (owned(resource, method) != null)
                    for (Parameter parameter : method.getParameters())
                        if (isBody(parameter)) bodies.add(parameter.getType());
        return bodies;
    }

    private static List<Method> methods(Class<?> resource) {
        if (!resource.isAnnotationPresent(Path.class)) return List.of();
        return Arrays.stream(resource.getDeclaredMethods())
                .filter(OwnedResources::isResourceMethod)
                .toList();
    }

    private static @Nullable Owned owned(Class<?> resource, Method method) {
        Owned onMethod = method.getAnnotation(Owned.class);
        return onMethod != null ? onMethod : resource.getAnnotation(Owned.class);
    }

    private static String path(Class<?> resource, Method method) {
        return ROOT + part(resource.getAnnotation(Path.class)) + part(method.getAnnotation(Path.class));
    }

    private static String part(@Nullable Path path) {
        String bare = path == null ? "" : path.value().replaceAll("^/+|/+$", "");
        return bare.isEmpty() ? "" : "/" + bare;
    }

    /// The one parameter that JAX-RS takes from nowhere else.
    private static boolean isBody(Parameter parameter) {
        return Arrays.stream(parameter.getAnnotations())
                .map(Annotation::annotationType)
                .noneMatch(type -> type == Context.class
                        || type.getPackageName().equals(JAX_RS)
                        || type.getPackageName().equals(SUSPENDED));
    }
}
