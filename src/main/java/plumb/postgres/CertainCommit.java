package plumb.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/// For whoever commits without looking at warnings, as transaction managers do: a commit that a failover may still
/// forget fails.
public final class CertainCommit implements InvocationHandler {
    private final Connection connection;

    private CertainCommit(Connection connection) {
        this.connection = connection;
    }

    /// The same connection, whose `commit` fails with SQLSTATE 08007 if the synchronous standby may not have it.
    public static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                CertainCommit.class.getClassLoader(), new Class<?>[] {Connection.class}, new CertainCommit(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("commit")) {
            Replication.commit(connection);
            return null;
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
