package plumb.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
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
        Method drain = Members.only(found, Drain.class);
        Method restore = Members.only(found, Restore.class);
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

    /// What the bean hands along.
    ///
    /// @return null: nothing
    /// @throws Exception what the method throws
    @Nullable
    Object kept(Object bean) throws Exception {
        return Members.invoke(drain, bean);
    }

    /// @throws Exception what the method throws
    void restore(Object bean, String kept) throws Exception {
        Members.invoke(restore, bean, Json.binding().read(kept, drain.getReturnType()));
    }
}
