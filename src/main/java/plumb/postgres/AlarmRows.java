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

    private static final String OVERDUE = """
            select a.domain, a.key, a.due, clock_timestamp() as now
              from plumb.alarm a
              join plumb.range_lease r on r.domain = a.domain and r.lo <= a.slot and a.slot < r.hi
             where r.owner = ? and a.due <= clock_timestamp()
             order by a.due limit ?""";

    /// An alarm that is due.
    ///
    /// @param now of the database's clock, by which it is
    public record Overdue(Key key, Instant due, Instant now) {}

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
                query -> {
                    query.setString(1, key.domain());
                    query.setString(2, key.text());
                },
                row -> new Row(key, row.getString(1), row.getString(2), time(row, 3), row.getInt(4)));
    }

    /// Those that are due by the database's clock, of keys that this incarnation owns; those that are due for longest
    /// come first. Blocks for a query.
    ///
    /// @throws LeaseTableException if the database did not answer
    public List<Overdue> overdue(Incarnation owner, int limit) {
        return read(
                OVERDUE,
                query -> {
                    query.setObject(1, owner.id());
                    query.setInt(2, limit);
                },
                row -> new Overdue(new Key(row.getString(1), row.getString(2)), time(row, 3), time(row, 4)));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @FunctionalInterface
    private interface Binding {
        void to(PreparedStatement query) throws SQLException;
    }

    @FunctionalInterface
    private interface Reading<E> {
        E of(ResultSet row) throws SQLException;
    }

    private <E> List<E> read(String sql, Binding binding, Reading<E> reading) {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            binding.to(query);
            try (ResultSet row = query.executeQuery()) {
                var rows = new ArrayList<E>();
                while (row.next()) rows.add(reading.of(row));
                return rows;
            }
        } catch (SQLException e) {
            throw new LeaseTableException("the alarms cannot be read: " + e.getMessage(), e);
        }
    }
}
