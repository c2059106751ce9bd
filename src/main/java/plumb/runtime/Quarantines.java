package plumb.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import plumb.dispatch.Quarantine;
import plumb.dispatch.QuarantineSettings;
import plumb.keyspace.Key;
import plumb.ownership.LeaseTableException;
import plumb.postgres.QuarantineTable;
import plumb.postgres.QuarantineTable.Row;

/// Ties the quarantine in memory to the one that all instances share: what is found out here is written, what others
/// write is known here. Nothing of it keeps a request waiting.
final class Quarantines implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Quarantines.class.getName());
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final QuarantineTable table;
    private final String instance;
    private final Executor aside;
    private final Quarantine quarantine;
    private final Map<Key, String> unwritten = new ConcurrentHashMap<>();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param aside gives each task a thread of its own, which may block
    Quarantines(QuarantineTable table, QuarantineSettings settings, String instance, Executor aside) {
        this.table = table;
        this.instance = instance;
        this.aside = aside;
        this.quarantine = new Quarantine(settings, Quarantines::isOutside, this::shutOut, this::cleared);
    }

    Quarantine quarantine() {
        return quarantine;
    }

    /// What comes from the database says nothing about the key, neither what the driver throws nor what persistence and
    /// transactions make of it.
    static boolean isOutside(Throwable each) {
        return each instanceof SQLException
                || each instanceof LeaseTableException
                || each instanceof jakarta.persistence.PersistenceException
                || each instanceof jakarta.transaction.SystemException
                || each instanceof jakarta.transaction.RollbackException
                || each instanceof jakarta.transaction.TransactionalException;
    }

    /// Once the tables are there, before anything is claimed: tells what the process before this one left behind.
    /// Blocks for one try, and goes on aside if that did not work.
    ///
    /// @param left the keys whose code ran when it died
    void begin(List<Key> left) {
        if (!left.isEmpty()) LOG.log(Level.WARNING, () -> "When this instance died last, there ran: " + left);
        if (!left.isEmpty() && !tell("crashed", () -> table.crashed(left, instance)))
            aside.execute(() -> tellUntilClosed("crashed", () -> table.crashed(left, instance)));
        read();
    }

    /// What the table says has changed, or may have. Does not block.
    void changed() {
        if (reading.compareAndSet(false, true))
            aside.execute(() -> {
                reading.set(false); // before: what changes from here on is read again
                read();
            });
    }

    private synchronized void read() {
        try {
            List<Row> rows = table.all();
            Map<Key, String> shut = new HashMap<>();
            for (Row row : rows) if (row.isShut()) shut.put(row.key(), reason(row));
            unwritten.forEach(shut::putIfAbsent); // after the table: who is shut out while it is read
            quarantine.know(
                    shut,
                    rows.stream().filter(row -> !row.isShut()).map(Row::key).toList());
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "Who is quarantined is not known anew: " + e.getMessage());
        }
    }

    private static String reason(Row row) {
        return "crashing".equals(row.cause()) ? "its requests brought instances down" : "it kept failing";
    }

    private void shutOut(Key key, String detail) {
        unwritten.put(key, "it kept failing");
        aside.execute(() -> {
            tellUntilClosed("shut out", () -> table.shutOut(key, detail, instance));
            written(key);
        });
    }

    /// Not while the table is read: it may have been read before this was written.
    private synchronized void written(Key key) {
        unwritten.remove(key);
    }

    private void cleared(Key key) {
        aside.execute(() -> tell("cleared", () -> table.clear(key)));
    }

    private void tellUntilClosed(String what, Runnable telling) {
        while (!tell(what, telling)) if (closedWithin(BETWEEN_TRIES)) return;
    }

    private static boolean tell(String what, Runnable telling) {
        try {
            telling.run();
            return true;
        } catch (LeaseTableException e) {
            LOG.log(Level.WARNING, () -> "That a key is " + what + " is not written yet: " + e.getMessage());
            return false;
        }
    }

    private boolean closedWithin(Duration pause) {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
