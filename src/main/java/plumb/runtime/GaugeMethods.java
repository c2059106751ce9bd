package plumb.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import plumb.LiveGauge;

/// The [LiveGauge] methods of one [plumb.PerKey] class.
///
/// @param names in the order of `methods`
record GaugeMethods(List<String> names, List<MethodHandle> methods) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final MethodType READING = MethodType.methodType(long.class, Object.class);

    /// @throws IllegalArgumentException with what is wrong with them
    static GaugeMethods of(Class<?> found) {
        var names = new ArrayList<String>();
        var methods = new ArrayList<MethodHandle>();
        for (Method each : Members.methods(found)) {
            LiveGauge mark = each.getAnnotation(LiveGauge.class);
            if (mark == null) continue;
            if (names.contains(mark.value())) throw bad(mark, "stands on two methods");
            names.add(mark.value());
            methods.add(handle(mark, each));
        }
        return new GaugeMethods(List.copyOf(names), List.copyOf(methods));
    }

    private static MethodHandle handle(LiveGauge mark, Method method) {
        if (!NAME.matcher(mark.value()).matches())
            throw bad(mark, "is not a name of lower-case letters, digits and underscores");
        if (method.getParameterCount() != 0) throw bad(mark, "takes no parameter");
        if (Modifier.isStatic(method.getModifiers())) throw bad(mark, "must not be static: it says what one key adds");
        Class<?> type = method.getReturnType();
        if (type != int.class && type != long.class)
            throw bad(mark, "returns an int or a long, not " + type.getTypeName());
        method.setAccessible(true);
        try {
            return MethodHandles.lookup().unreflect(method).asType(READING);
        } catch (IllegalAccessException e) {
            throw bad(mark, "cannot be called");
        }
    }

    private static IllegalArgumentException bad(LiveGauge mark, String what) {
        return new IllegalArgumentException("@LiveGauge(\"" + mark.value() + "\") " + what);
    }

    /// @param which the place of its name
    long read(Object bean, int which) throws Exception {
        try {
            return (long) methods.get(which).invokeExact(bean);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
