package plumb.runtime;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a class has, its own and what it inherits.
final class Members {
    private Members() {}

    static List<Field> fields(Class<?> type) {
        var fields = new ArrayList<Field>();
        for (Class<?> each : withSuperclasses(type)) fields.addAll(List.of(each.getDeclaredFields()));
        return fields;
    }

    /// Without those that another one overrides.
    static List<Method> methods(Class<?> type) {
        var methods = new ArrayList<Method>();
        for (Class<?> each : withSuperclasses(type))
            for (Method method : each.getDeclaredMethods())
                if (!method.isSynthetic() && methods.stream().noneMatch(known -> isSame(known, method)))
                    methods.add(method);
        return methods;
    }

    /// The one method that is marked so; null: none is.
    ///
    /// @throws IllegalArgumentException if several are
    static @Nullable Method only(Class<?> type, Class<? extends Annotation> mark) {
        List<Method> marked = methods(type).stream()
                .filter(method -> method.isAnnotationPresent(mark))
                .toList();
        if (marked.size() > 1)
            throw new IllegalArgumentException("@" + mark.getSimpleName() + " stands on " + marked.size() + " methods");
        return marked.isEmpty() ? null : marked.getFirst();
    }

    /// @throws Exception what the method throws
    static @Nullable Object invoke(Method method, Object bean, Object... parameters) throws Exception {
        try {
            return method.invoke(bean, parameters);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static boolean isSame(Method known, Method method) {
        return known.getName().equals(method.getName())
                && Arrays.equals(known.getParameterTypes(), method.getParameterTypes());
    }

    private static List<Class<?>> withSuperclasses(Class<?> type) {
        var classes = new ArrayList<Class<?>>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) classes.add(each);
        return classes;
    }
}
