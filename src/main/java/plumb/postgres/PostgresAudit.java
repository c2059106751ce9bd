package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import plumb.ownership.LeaseTableException;

/// Asks the database whether anything has happened that must never happen. What is found is stored and stays found.
/// Safe for use by several threads.
public final class PostgresAudit {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST = 100;

    /// Times of rows are those of the instances that wrote them. So each run looks back as far as clocks that somebody
    /// keeps may differ. For clocks that nobody keeps, the first one of an hour looks at all that the first one of the
    /// hour before had not seen, and an hour further back. What is dated earlier still is for full audits. Looking an
    /// hour back every minute would read each row sixty times.
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private static final Duration HOURLY_OVERLAP = Duration.ofHours(1);

    private static final String FIND = """
            insert into plumb.audit_violation (rule, subject, detail)
            select distinct on (v.rule, v.subject) v.rule, v.subject, v.detail
              from plumb.violations(?) v
            on conflict do nothing""";

    private static final String SINCE = """
            select t.now,
                   case when date_trunc('hour', r.began) < date_trunc('hour', t.now)
                        then date_trunc('hour', r.began) - make_interval(secs => ?)
                        else r.began - make_interval(secs => ?) end,
                   coalesce(r.full_at < t.now - interval '1 day', true)
              from (select clock_timestamp() as now) t left join plumb.audit_run r on true""";

    private static final String STORE = """
            insert into plumb.audit_run (began, ended, by, full_at, exact)
            values (?, clock_timestamp(), ?, case when ? then clock_timestamp() end, plumb.audit_is_exact())
            on conflict (one) do update
               set began = excluded.began, ended = excluded.ended, by = excluded.by, exact = excluded.exact,
                   full_at = coalesce(excluded.full_at, audit_run.full_at)""";

    private final Connections connections;
    private final String by;
    private final ReentrantLock running = new ReentrantLock();
    private volatile Verdict latest = Verdict.NONE;

    /// Something that must never happen, and did.
    public record Violation(String rule, String subject, String detail, Instant foundAt) {}

    /// What is known.
    ///
    /// @param checkedAt null: never yet
    /// @param exact false: a write outside its tenure cannot be seen, because the database does not track the time of
    ///     commits
    /// @param violations at most 100
    /// @param count how many there are
    public record Verdict(@Nullable Instant checkedAt, boolean exact, List<Violation> violations, long count) {
        private static final Verdict NONE = new Verdict(null, false, List.of(), 0);

        public Verdict {
            violations = List.copyOf(violations);
        }
    }

    /// @param by the instance's name, for people
    public PostgresAudit(Connections connections, String by) {
        this.connections = new Connections(connections.settings().withStatementTimeout(PATIENCE));
        this.by = by;
    }

    /// Looks at what was written since the last run and stores what it finds; once a day, or if asked, at everything.
    /// Blocks, at most for some statements of 30 s; while it runs already, gives what is stored.
    ///
    /// @throws LeaseTableException if the database did not answer
    public Verdict run(boolean everything) {
        if (!running.tryLock()) return read();
        try (Connection connection = connections.open("plumb audit")) {
            connection.setAutoCommit(false);
            Span span = span(connection, everything);
            try (PreparedStatement find = connection.prepareStatement(FIND);
                    PreparedStatement store = connection.prepareStatement(STORE)) {
                find.setObject(1, span.since());
                find.executeUpdate();
                store.setObject(1, span.began());
                store.setString(2, by);
                store.setBoolean(3, span.isFull());
                store.executeUpdate();
            }
            connection.commit();
            return stored(connection);
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            running.unlock();
        }
    }

    /// What is stored, whichever instance found it. Blocks for the database.
    ///
    /// @throws LeaseTableException if the database did not answer
    public Verdict read() {
        try (Connection connection = connections.open("plumb audit")) {
            return stored(connection);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// What was stored when this instance looked last. Does not block.
    public Verdict latest() {
        return latest;
    }

    /// What to look at.
    private record Span(OffsetDateTime began, OffsetDateTime since) {
        boolean isFull() {
            return since.equals(OffsetDateTime.MIN); // which the driver writes as -infinity
        }
    }

    private static Span span(Connection connection, boolean everything) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SINCE)) {
            select.setDouble(1, (double) HOURLY_OVERLAP.toSeconds());
            select.setDouble(2, (double) OVERLAP.toSeconds());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                OffsetDateTime since = row.getObject(2, OffsetDateTime.class);
                boolean full = everything || since == null || row.getBoolean(3);
                return new Span(row.getObject(1, OffsetDateTime.class), full ? OffsetDateTime.MIN : since);
            }
        }
    }

    private Verdict stored(Connection connection) throws SQLException {
        var violations = new ArrayList<Violation>();
        long count = 0;
        try (PreparedStatement select = connection.prepareStatement("""
                select rule, subject, detail, found_at, count(*) over () from plumb.audit_violation
                 order by found_at, rule, subject limit\s""" + MOST);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                violations.add(new Violation(row.getString(1), row.getString(2), row.getString(3), instant(row, 4)));
                count = row.getLong(5);
            }
        }
        try (PreparedStatement run = connection.prepareStatement("select ended, exact from plumb.audit_run");
                ResultSet row = run.executeQuery()) {
            boolean known = row.next();
            Verdict verdict =
                    new Verdict(known ? instant(row, 1) : null, known && row.getBoolean(2), violations, count);
            latest = verdict;
            return verdict;
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the audit was not answered: " + cause.getMessage(), cause);
    }
}
