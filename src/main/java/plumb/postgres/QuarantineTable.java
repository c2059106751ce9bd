package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Key;
import plumb.ownership.Decision;
import plumb.ownership.LeaseTableException;

/// Keys that are shut out or under suspicion, for all instances and the next owner. Each method blocks for one short
/// transaction. Safe for use by several threads.
public final class QuarantineTable {
    /// The channel that says that something changed.
    public static final String CHANNEL = "plumb_quarantine";

    /// A key is shut out when its code ran in so many instances that died.
    public static final int CRASHES = 2;

    /// A crash that is longer ago counts no more.
    public static final Duration REMEMBERED = Duration.ofDays(1);

    /// More than an operator can look at; the oldest are known first, so nobody is let in again by the others.
    private static final int MOST = 10_000;

    /// One row, one lock; who comes at the same time waits and counts on.
    private static final String CRASHED = """
            insert into plumb.quarantine as q (domain, key, crashes, last_crash, made_by)
            values (?, ?, 1, clock_timestamp(), ?)
            on conflict (domain, key) do update
               set crashes = case when q.last_crash > clock_timestamp() - make_interval(secs => ?)
                                  then q.crashes + 1 else 1 end,
                   last_crash = clock_timestamp(),
                   made_by = excluded.made_by""";

    private static final String SHUT_CRASHING = """
            update plumb.quarantine
               set shut_at = clock_timestamp(), cause = 'crashing',
                   detail = 'in flight in ' || crashes || ' instances that died, the last one ' || made_by
             where domain = ? and key = ? and crashes >= ? and shut_at is null""";

    private static final String SHUT_FAILING = """
            insert into plumb.quarantine as q (domain, key, shut_at, cause, detail, made_by)
            values (?, ?, clock_timestamp(), 'failing', ?, ?)
            on conflict (domain, key) do update
               set shut_at = clock_timestamp(), cause = 'failing', detail = excluded.detail, made_by = excluded.made_by
             where q.shut_at is null""";

    /// Only if it is under suspicion still.
    private static final String CLEAR = "delete from plumb.quarantine where domain = ? and key = ? and shut_at is null";

    private static final String RELEASE = "delete from plumb.quarantine where domain = ? and key = ? returning cause";

    private static final String DECIDED = """
            insert into plumb.decision (made_by, kind, detail, reason) values (?, 'release', ?, ?)""";

    private static final String ALL = """
            select domain, key, crashes, last_crash, shut_at, cause, detail, made_by
              from plumb.quarantine
             order by shut_at nulls last, last_crash limit""" + " " + MOST;

    private static final String FORGET = """
            delete from plumb.quarantine
             where shut_at is null and last_crash < clock_timestamp() - make_interval(secs => ?)""";

    private final Connections connections;

    public QuarantineTable(Connections connections) {
        this.connections = connections;
    }

    /// A key that is shut out, or under suspicion.
    ///
    /// @param crashes instances that died while its code ran
    /// @param shutAt null: under suspicion only
    /// @param cause `failing` or `crashing`
    /// @param by the instance that said so
    public record Row(
            Key key,
            int crashes,
            @Nullable Instant lastCrash,
            @Nullable Instant shutAt,
            @Nullable String cause,
            @Nullable String detail,
            String by) {
        public boolean isShut() {
            return shutAt != null;
        }
    }

    /// The code of these keys ran when an instance died. Who was there before is shut out.
    public void crashed(Collection<Key> keys, String instance) {
        transact("the crash of " + instance, transaction -> {
            try (PreparedStatement crashed = transaction.prepareStatement(CRASHED);
                    PreparedStatement shut = transaction.prepareStatement(SHUT_CRASHING)) {
                // in one order, or two instances that start at once wait for each other
                for (Key key :
                        keys.stream().distinct().sorted(QuarantineTable::order).toList()) {
                    set(crashed, key.domain(), key.text(), instance);
                    crashed.setDouble(4, (double) REMEMBERED.toSeconds());
                    crashed.addBatch();
                    set(shut, key.domain(), key.text());
                    shut.setInt(3, CRASHES);
                    shut.addBatch();
                }
                crashed.executeBatch();
                shut.executeBatch();
                return keys;
            }
        });
    }

    private static int order(Key one, Key other) {
        return one.toString().compareTo(other.toString());
    }

    /// The key keeps failing.
    ///
    /// @param detail with what
    public void shutOut(Key key, String detail, String instance) {
        update("the quarantine of " + key, SHUT_FAILING, key.domain(), key.text(), detail, instance);
    }

    /// The key is not under suspicion any more.
    public void clear(Key key) {
        update("the clearance of " + key, CLEAR, key.domain(), key.text());
    }

    /// Lets a key in again, and forgets its crashes.
    ///
    /// @return false: it is not here
    public boolean release(Key key, Decision decision) {
        return transact("the release of " + key, transaction -> {
            try (PreparedStatement release = transaction.prepareStatement(RELEASE);
                    PreparedStatement decided = transaction.prepareStatement(DECIDED)) {
                set(release, key.domain(), key.text());
                try (ResultSet row = release.executeQuery()) {
                    if (!row.next()) return false;
                }
                set(decided, decision.by(), key.toString(), decision.reason());
                decided.executeUpdate();
                return true;
            }
        });
    }

    /// All rows, those that are shut out first, bounded.
    public List<Row> all() {
        return transact("the quarantine", transaction -> {
            try (PreparedStatement select = transaction.prepareStatement(ALL);
                    ResultSet row = select.executeQuery()) {
                var rows = new ArrayList<Row>();
                while (row.next()) rows.add(row(row));
                return rows;
            }
        });
    }

    /// Forgets suspicions that are old.
    ///
    /// @return how many
    public int forget() {
        return transact("the quarantine's end", transaction -> {
            try (PreparedStatement forget = transaction.prepareStatement(FORGET)) {
                forget.setDouble(1, (double) REMEMBERED.toSeconds());
                return forget.executeUpdate();
            }
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new Key(row.getString(1), row.getString(2)),
                row.getInt(3),
                instant(row, 4),
                instant(row, 5),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private void update(String what, String sql, String... parameters) {
        transact(what, transaction -> {
            try (PreparedStatement update = transaction.prepareStatement(sql)) {
                set(update, parameters);
                return update.executeUpdate();
            }
        });
    }

    private static void set(PreparedStatement statement, String... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) statement.setString(i + 1, parameters[i]);
    }

    private <R> R transact(String what, LeaseSessions.Work<R> work) {
        try (Connection connection = connections.open("plumb quarantine")) {
            connection.setAutoCommit(false);
            R result = work.in(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new LeaseTableException(what + " was not answered: " + e.getMessage(), e);
        }
    }
}
