package plumb.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Hears of changes of ownership and of the quarantine the moment they commit: LISTEN on a connection and a thread of
/// its own. A hint, not a promise: what was missed while the connection was away is read when it is back, and each
/// renewal carries the version too.
public final class PostgresNotifications implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PostgresNotifications.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int SILENCE_MILLIS = 5_000;

    /// After LISTEN, so that no version falls between.
    private static final String VERSION = "select v from plumb.routing_version";

    private final Connections connections;
    private final LongConsumer versions;
    private final Map<String, Runnable> others;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed; // guarded by lock
    private @Nullable Connection connection; // guarded by lock

    /// @param versions gets every version that is heard of, and the current one after each reconnect; called
    ///     on the listening thread, must not block
    /// @param others by channels: run when something is told there, and after each reconnect; likewise
    public PostgresNotifications(Connections connections, LongConsumer versions, Map<String, Runnable> others) {
        this.connections = connections;
        this.versions = versions;
        this.others = Map.copyOf(others);
        this.thread = Thread.ofPlatform().daemon().name("plumb-notifications").unstarted(this::listenUntilClosed);
    }

    public void start() {
        thread.start();
    }

    /// Ends when [#close] was called.
    private void listenUntilClosed() {
        Duration pause = FIRST_PAUSE;
        do {
            try (Connection open = connections.open("plumb notifications")) {
                if (!adopt(open)) return;
                subscribe(open);
                pause = FIRST_PAUSE;
                listen(open);
            } catch (SQLException | RuntimeException e) {
                if (isClosed()) return;
                LOG.log(System.Logger.Level.DEBUG, "no notifications for now", e);
                pause = doubled(pause);
            }
        } while (!closedWithin(pause));
    }

    private void subscribe(Connection open) throws SQLException {
        try (Statement listen = open.createStatement()) {
            listen.execute("listen " + RoutingVersion.CHANNEL);
            for (String channel : others.keySet()) listen.execute("listen " + channel);
        }
        poll(open);
        others.values().forEach(Runnable::run);
    }

    /// Ends when the connection fails, which [#close] sees to.
    private void listen(Connection open) throws SQLException {
        PGConnection postgres = open.unwrap(PGConnection.class);
        while (!isClosed()) {
            PGNotification[] heard = postgres.getNotifications(SILENCE_MILLIS);
            if (heard == null || heard.length == 0) poll(open); // also finds out that the peer is gone
            else for (PGNotification each : heard) tell(each);
        }
    }

    private void tell(PGNotification heard) {
        Runnable other = others.get(heard.getName());
        if (other != null) other.run();
        else versions.accept(Long.parseLong(heard.getParameter()));
    }

    private void poll(Connection open) throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet row = statement.executeQuery(VERSION)) {
            if (row.next()) versions.accept(row.getLong(1));
        }
    }

    private static Duration doubled(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private boolean adopt(Connection open) {
        lock.lock();
        try {
            connection = open;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean closedWithin(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closed && left > 0) left = closing.awaitNanos(left);
            return closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // interrupt = end
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread at once. Does not wait for it.
    @Override
    public void close() {
        Connection open;
        lock.lock();
        try {
            closed = true;
            open = connection;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        Quietly.close(open);
    }
}
