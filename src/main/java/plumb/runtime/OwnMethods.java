package plumb.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import plumb.Alarm;
import plumb.Every;

/// What a [plumb.PerKey] class does by itself: its [Every] and its [Alarm] methods.
///
/// @param periods in the order of `ticks`
/// @param alarms by name
record OwnMethods(List<Duration> periods, List<Method> ticks, Map<String, Method> alarms) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /// @throws IllegalArgumentException with what is wrong with them
    static OwnMethods of(Class<?> found) {
        var periods = new ArrayList<Duration>();
        var ticks = new ArrayList<Method>();
        var alarms = new LinkedHashMap<String, Method>();
        for (Method method : Members.methods(found)) {
            Every every = method.getAnnotation(Every.class);
            if (every != null) {
                periods.add(period(every, method));
                ticks.add(method);
            }
            Alarm alarm = method.getAnnotation(Alarm.class);
            if (alarm != null && alarms.put(name(alarm, method), method) != null)
                throw new IllegalArgumentException("@Alarm(\"" + alarm.value() + "\") stands on two methods");
        }
        return new OwnMethods(List.copyOf(periods), List.copyOf(ticks), Map.copyOf(alarms));
    }

    private static Duration period(Every every, Method method) {
        String mark = "@Every(\"" + every.value() + "\")";
        if (method.getParameterCount() != 0) throw new IllegalArgumentException(mark + " takes no parameter");
        check(mark, method);
        try {
            Duration period = Duration.parse(every.value());
            if (period.compareTo(SHORTEST) >= 0) return period;
            throw new IllegalArgumentException(mark + " is shorter than " + SHORTEST);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(mark + " is not a time as PT1M or PT0.5S", e);
        }
    }

    private static String name(Alarm alarm, Method method) {
        String mark = "@Alarm(\"" + alarm.value() + "\")";
        if (!NAME.matcher(alarm.value()).matches())
            throw new IllegalArgumentException(mark + " is not a name of lower-case letters, digits and dashes");
        check(mark, method);
        takes(mark, method);
        return alarm.value();
    }

    private static void check(String mark, Method method) {
        if (Modifier.isStatic(method.getModifiers())) throw new IllegalArgumentException(mark + " must not be static");
        if (method.getReturnType() != void.class)
            throw new IllegalArgumentException(mark + " returns nothing: nobody waits for it");
        method.setAccessible(true);
    }

    /// In the words of [plumb.Handler.Factory#alarms].
    private static Class<?> takes(String mark, Method method) {
        if (method.getParameterCount() == 0) return Void.class;
        Class<?> type = method.getParameterCount() == 1 ? method.getParameterTypes()[0] : Method.class;
        if (type == long.class || type == Long.class) return Long.class;
        if (type == UUID.class || type == String.class) return type;
        throw new IllegalArgumentException(mark + " takes a UUID, a String or a long, or nothing");
    }

    Map<String, Class<?>> takes() {
        return alarms.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> takes(each.getKey(), each.getValue())));
    }

    /// @throws Exception what the method throws
    void tick(Object bean, int which) throws Exception {
        invoke(ticks.get(which), bean);
    }

    /// @throws Exception what the method throws
    void alarm(Object bean, String name, String argument) throws Exception {
        Method method = Objects.requireNonNull(alarms.get(name), name);
        Class<?> taken = takes(name, method);
        if (taken == Void.class) invoke(method, bean);
        else if (taken == UUID.class) invoke(method, bean, UUID.fromString(argument));
        else invoke(method, bean, taken == Long.class ? (Object) Long.valueOf(argument) : argument);
    }

    private static void invoke(Method method, Object bean, Object... parameters) throws Exception {
        try {
            method.invoke(bean, parameters);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
