package plumb.dispatch;

import java.lang.reflect.UndeclaredThrowableException;

/// Calls what may throw anything where only the unchecked may pass.
final class Undeclared {
    private Undeclared() {}

    /// What a domain's method may throw.
    interface Throwing {
        void run() throws Exception;
    }

    /// @throws RuntimeException what it throws, or an [UndeclaredThrowableException] around it
    static void run(Throwing method) {
        try {
            method.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new UndeclaredThrowableException(e);
        }
    }
}
