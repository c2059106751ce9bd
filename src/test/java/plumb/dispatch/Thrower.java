package plumb.dispatch;

import org.jspecify.annotations.Nullable;

/// Throws what a lambda may not.
final class Thrower {
    private Thrower() {}

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> @Nullable Object sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
