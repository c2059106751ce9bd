package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import plumb.Statement;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Key;
import plumb.ownership.LeaseTableException;

/// The table of alarms. Rows are written through [plumb.Writes], with the fence; a key's owner reads them outside
/// transactions, so that a load sees all that former owners committed. Safe for use by several threads.
public final class AlarmRows {
    /// An alarm's row.
    public record Row(String domain, String key, String name, String argument, long slot, Instant due, int attempts) {
        public Row(Key key, String name, String argument, Instant due, int attempts) {
            this(key.domain(), key.text(), name, argument, key.slot().value(), due, attempts);
        }
    }

    /// Sets an alarm, or sets it anew.
    public static final Statement<Row> SET = Statement.of(Row.class, """
            insert into plumb.alarm (domain, key, name, argument, slot, due, attempts, range_id, epoch)
            values (:domain, :key, :name, :argument, :slot, :due, :attempts, :range, :epoch)
            on conflict (domain, key, name, argument) do update
               set due = excluded.due, attempts = excluded.attempts, at = clock_timestamp(),
                   range_id = excluded.range_id, epoch = excluded.epoch""");

    /// It has fired, or is taken back.
    public static final Statement<Row> CLEAR = Statement.of(Row.class, """
            delete from plumb.alarm where domain = :domain and key = :key and name = :name and argument = :argument""");

    private static final String OF_KEY =
            "select name, argument, due, attempts from plumb.alarm where domain = ? and key = ?";

    /// A line for each key, or one key with many alarms that cannot fire would stand in everybody's way. By the
    /// statement's time: `clock_timestamp()` is another one for each row, so that no index can help and all are read.
    static final String OVERDUE = """
            select a.domain, a.key, min(a.due) as oldest, statement_timestamp() as now
              from plumb.alarm a
              join plumb.range_lease r on r.domain = a.domain and r.lo <= a.slot and a.slot < r.hi
             where r.owner = ? and a.due <= statement_timestamp()
             group by a.domain, a.key
             order by oldest limit ?""";

    /// A key that has alarms that are due.
    ///
    /// @param oldest when the first of them was
    /// @param now of the database's clock, by which they are
    public record Overdue(Key key, Instant oldest, Instant now) {}

    private final DataSource database;

    /// @param database READ COMMITTED, in autocommit mode
    public AlarmRows(DataSource database) {
        this.database = database;
    }

    /// Of one key, in no particular order. Blocks for a query.
    ///
    /// @throws LeaseTableException if the database did not answer
    public List<Row> of(Key key) {
        return read(
                OF_KEY,
                row -> new Row(key, row.getString(1), row.getString(2), time(row, 3), row.getInt(4)),
                key.domain(),
                key.text());
    }

    /// Keys that this incarnation owns and that have alarms that are due by the database's clock; those that wait for
    /// longest come first. Blocks for a query.
    ///
    /// @throws LeaseTableException if the database did not answer
    public List<Overdue> overdue(Incarnation owner, int limit) {
        return read(
                OVERDUE,
                row -> new Overdue(new Key(row.getString(1), row.getString(2)), time(row, 3), time(row, 4)),
                owner.id(),
                limit);
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @FunctionalInterface
    private interface Reading<E> {
        E of(ResultSet row) throws SQLException;
    }

    private <E> List<E> read(String sql, Reading<E> reading, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement query = Sql.prepare(connection, sql, values);
                ResultSet row = query.executeQuery()) {
            var rows = new ArrayList<E>();
            while (row.next()) rows.add(reading.of(row));
            return rows;
        } catch (SQLException e) {
            throw new LeaseTableException("the alarms cannot be read: " + e.getMessage(), e);
        }
    }
}
