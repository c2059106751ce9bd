package plumb.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// For pools that cannot be told, in a way that all servers understand, to look whether their connections live: after a
/// restart of the database each of them would fail once. This one looks by itself before the first statement of each
/// transaction, or before the pool sets something, and goes on in a new session if its own has ended. Inside a
/// transaction it never does.
///
/// Whoever has just got an answer is taken to live, unless another one of its [Pool] was found dead since: under load
/// no round trip is spent, and a restart fails one or two, not all.
public final class LastingConnection implements InvocationHandler {
    private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();
    private static final int ANSWER_SECONDS = 1;

    /// Opens a session; blocks.
    @FunctionalInterface
    public interface Source {
        Connection open() throws SQLException;
    }

    /// Those that go to the same server. Safe for use by several threads.
    public static final class Pool {
        private final LongSupplier nanoTime;
        private volatile long brokenAt;

        public Pool(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.brokenAt = nanoTime.getAsLong();
        }
    }

    private final Source source;
    private final Pool pool;
    private Connection session;
    private boolean autoCommit = true;
    private boolean inTransaction;
    private long heardAt; // what a pool does without asking the server is no sign of life

    private LastingConnection(Source source, Pool pool) throws SQLException {
        this.source = source;
        this.pool = pool;
        this.session = source.open();
        this.heardAt = pool.nanoTime.getAsLong();
    }

    /// Opens the first session; blocks. What is set on the connection lasts only as far as it is said in the source,
    /// except `autoCommit`.
    public static Connection of(Source source, Pool pool) throws SQLException {
        return (Connection) Proxy.newProxyInstance(
                LastingConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new LastingConnection(source, pool));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (session.isClosed()) pool.brokenAt = pool.nanoTime.getAsLong(); // by the driver, when it broke
        boolean states = isStatement(method);
        if ((states || isSetting(method)) && !inTransaction) live();
        if (states && !autoCommit) inTransaction = true;
        boolean ends = inTransaction && endsTransaction(method);
        try {
            Object result = method.invoke(session, arguments);
            if (method.getName().equals("setAutoCommit")) autoCommit = session.getAutoCommit();
            if (states || ends) heardAt = pool.nanoTime.getAsLong(); // if the statement fails, the driver closes
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            if (ends) inTransaction = false; // however it ended: nothing of it can go on
        }
    }

    private static boolean isStatement(Method method) {
        return switch (method.getName()) {
            case "createStatement", "prepareStatement", "prepareCall" -> true;
            default -> false;
        };
    }

    /// What a pool asks the server for when it hands a connection out.
    private static boolean isSetting(Method method) {
        return switch (method.getName()) {
            case "setTransactionIsolation", "getTransactionIsolation", "setReadOnly", "setClientInfo", "setSchema" ->
                true;
            default -> false;
        };
    }

    private static boolean endsTransaction(Method method) {
        return switch (method.getName()) {
            case "commit", "rollback" -> method.getParameterCount() == 0; // not to a savepoint
            case "setAutoCommit" -> true;
            default -> false;
        };
    }

    private void live() throws SQLException {
        boolean heard = pool.nanoTime.getAsLong() - heardAt < QUIET_NANOS && heardAt - pool.brokenAt > 0;
        if (heard && !session.isClosed()) return;
        if (!session.isValid(ANSWER_SECONDS)) {
            pool.brokenAt = pool.nanoTime.getAsLong();
            session.close();
            session = source.open();
            session.setAutoCommit(autoCommit);
        }
        heardAt = pool.nanoTime.getAsLong();
    }
}
