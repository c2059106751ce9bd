package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import plumb.ownership.LeaseTableException;

/// ShedLock's rows by the database's clock alone. Its own provider for JDBC compares the clocks of instances: one that
/// is an hour ahead would keep balancing and the audit from everybody for that hour. Where the database's clock itself
/// has jumped back, what was locked in times to come is free.
///
/// Safe for use by several threads. Every call blocks for the database.
public final class ChoreLocks implements LockProvider {
    private static final String LOCK = """
            insert into plumb.shedlock (name, lock_until, locked_at, locked_by)
            select ?, t.now + make_interval(secs => ?), t.now, ? from (select clock_timestamp() as now) t
            on conflict (name) do update
               set lock_until = excluded.lock_until, locked_at = excluded.locked_at, locked_by = excluded.locked_by
             where shedlock.lock_until <= excluded.locked_at or shedlock.locked_at > excluded.locked_at
            returning locked_at::text""";

    /// Whoever has taken it meanwhile, because it was held for too long, keeps it.
    private static final String UNLOCK = """
            update plumb.shedlock set lock_until = greatest(locked_at + make_interval(secs => ?), clock_timestamp())
             where name = ? and locked_at = ?::timestamptz""";

    private final Connections connections;
    private final String instance;

    /// @param instance for whoever looks at the table
    public ChoreLocks(Connections connections, String instance) {
        this.connections = connections;
        this.instance = instance;
    }

    /// @throws LeaseTableException if the database did not answer
    @Override
    public Optional<SimpleLock> lock(LockConfiguration wanted) {
        try (Connection connection = connections.open("plumb chores");
                PreparedStatement lock =
                        Sql.prepare(connection, LOCK, wanted.getName(), seconds(wanted.getLockAtMostFor()), instance);
                ResultSet row = lock.executeQuery()) {
            return row.next() ? Optional.of(new Held(wanted, row.getString(1))) : Optional.empty();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private final class Held extends AbstractSimpleLock {
        private final String since;

        Held(LockConfiguration wanted, String since) {
            super(wanted);
            this.since = since;
        }

        @Override
        protected void doUnlock() {
            boolean interrupted = Thread.interrupted(); // also who is told to stop gives it back
            try (Connection connection = connections.open("plumb chores")) {
                Sql.update(
                        connection,
                        UNLOCK,
                        seconds(lockConfiguration.getLockAtLeastFor()),
                        lockConfiguration.getName(),
                        since);
            } catch (SQLException e) {
                throw failed(e);
            } finally {
                if (interrupted) Thread.currentThread().interrupt();
            }
        }
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the lock of a chore was not answered: " + cause.getMessage(), cause);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }
}
