package plumb.ownership;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One instance's way to the database: calls may not get there, answers may not come back.
final class UnreliablePort implements InvocationHandler {
    private final Object real;
    private final BooleanSupplier away;

    /// The next call of that method is applied, and its answer lost.
    @Nullable
    String loseAnswerOf;

    /// The next call of that method does not get there.
    @Nullable
    String loseCallOf;

    /// What happens between the next call of that method and its answer.
    @Nullable
    String meanwhileIn;

    Runnable meanwhile = () -> {};

    /// What happens before the next call of that method is sent.
    @Nullable
    String delayOf;

    Runnable delay = () -> {};

    /// What happens before each answer.
    Runnable each = () -> {};

    UnreliablePort(Object real, BooleanSupplier away) {
        this.real = real;
        this.away = away;
    }

    boolean isAway() {
        return away.getAsBoolean();
    }

    <T> T as(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, this));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("close")) return null;
        if (away.getAsBoolean()) throw lost(name);
        if (name.equals(loseCallOf)) {
            loseCallOf = null;
            throw lost(name);
        }
        if (name.equals(delayOf)) {
            delayOf = null;
            delay.run();
        }
        Object answer = call(method, arguments);
        each.run();
        if (name.equals(meanwhileIn)) {
            meanwhileIn = null;
            meanwhile.run();
        }
        if (name.equals(loseAnswerOf)) {
            loseAnswerOf = null;
            throw lost(name);
        }
        return answer;
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static LeaseTableException lost(String name) {
        return new LeaseTableException(name, new IOException("the test took the database away"));
    }
}
