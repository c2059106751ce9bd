package plumb.runtime;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
