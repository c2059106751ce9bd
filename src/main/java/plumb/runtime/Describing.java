package plumb.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;
import plumb.Describe;

/// The [Describe] method of one [plumb.PerKey] class.
record Describing(Method method) {
    /// @return null: the class does not describe itself
    /// @throws IllegalArgumentException with what is wrong with it
    static @Nullable Describing of(Class<?> found) {
        Method method = Members.only(found, Describe.class);
        if (method == null) return null;
        if (method.getParameterCount() != 0) throw new IllegalArgumentException("@Describe takes no parameter");
        Class<?> shown = method.getReturnType();
        if (!shown.isRecord() || !Modifier.isPublic(shown.getModifiers()))
            throw new IllegalArgumentException(
                    "@Describe returns a public record, it is shown as JSON, not " + shown.getTypeName());
        method.setAccessible(true);
        return new Describing(method);
    }

    /// @throws Exception what the method throws
    @Nullable
    Object read(Object bean) throws Exception {
        return Members.invoke(method, bean);
    }
}
