package plumb.runtime;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.Drain;
import plumb.Restore;
import plumb.http.Json;

/// The [Drain] and [Restore] methods of one [plumb.PerKey] class, and JSON between them.
final class HandingAlong {
    private final Method drain;
    private final Method restore;

    private HandingAlong(Method drain, Method restore) {
        this.drain = drain;
        this.restore = restore;
    }

    /// @return null: the class hands nothing along
    /// @throws IllegalArgumentException with what is wrong with them
    static @Nullable HandingAlong of(Class<?> found) {
        Method drain = only(found, Drain.class);
        Method restore = only(found, Restore.class);
        if (drain == null && restore == null) return null;
        if (drain == null || restore == null)
            throw new IllegalArgumentException("@Drain and @Restore belong together, one of them is missing");
        if (drain.getParameterCount() != 0) throw new IllegalArgumentException("@Drain takes no parameter");
        Class<?> kept = drain.getReturnType();
        if (!kept.isRecord()) throw new IllegalArgumentException("@Drain returns a record, not " + kept.getTypeName());
        if (!Modifier.isPublic(kept.getModifiers()))
            throw new IllegalArgumentException("@Drain returns a public record, it travels as JSON: " + kept.getName());
        if (restore.getParameterCount() != 1 || restore.getParameterTypes()[0] != kept)
            throw new IllegalArgumentException("@Restore takes what @Drain returns: one " + kept.getTypeName());
        drain.setAccessible(true);
        restore.setAccessible(true);
        return new HandingAlong(drain, restore);
    }

    private static @Nullable Method only(Class<?> found, Class<? extends Annotation> mark) {
        List<Method> marked = Members.methods(found).stream()
                .filter(method -> method.isAnnotationPresent(mark))
                .toList();
        if (marked.size() > 1)
            throw new IllegalArgumentException("@" + mark.getSimpleName() + " stands on " + marked.size() + " methods");
        return marked.isEmpty() ? null : marked.getFirst();
    }

    /// @return null: nothing
    /// @throws Exception what the method throws
    @Nullable
    String keep(Object bean) throws Exception {
        Object kept = invoke(drain, bean);
        return kept == null ? null : Json.binding().write(kept);
    }

    /// @throws Exception what the method throws
    void restore(Object bean, String kept) throws Exception {
        invoke(restore, bean, Json.binding().read(kept, drain.getReturnType()));
    }

    private static @Nullable Object invoke(Method method, Object bean, Object... parameters) throws Exception {
        try {
            return method.invoke(bean, parameters);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
