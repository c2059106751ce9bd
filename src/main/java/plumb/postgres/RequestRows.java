package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import plumb.Fingerprint;
import plumb.RequestId;
import plumb.Requests.Done;
import plumb.Statement;
import plumb.keyspace.Key;
import plumb.ownership.LeaseTableException;

/// The table of what requests did. Rows are written through [plumb.Writes], with the fence; a key's owner reads them
/// outside transactions, so that a load sees all that former owners committed. Safe for use by several threads.
public final class RequestRows {
    /// A request's row.
    ///
    /// @param answer JSON
    public record Row(String domain, String key, String requestId, String fingerprint, String answer) {}

    /// Fails on the primary key where memory let a repetition slip through.
    public static final Statement<Row> INSERT = Statement.of(Row.class, """
            insert into plumb.request (domain, key, request_id, fingerprint, answer, range_id, epoch)
            values (:domain, :key, :requestId, :fingerprint, :answer, :range, :epoch)""");

    private static final String NEWEST = """
            select request_id, fingerprint, answer from plumb.request
             where domain = ? and key = ? order by at desc limit ?""";

    private static final String FIND = """
            select request_id, fingerprint, answer from plumb.request
             where domain = ? and key = ? and request_id = ?""";

    /// In pieces, so that nothing waits behind it for long. By the statement's time, as [AlarmRows] looks for what is
    /// due.
    static final String FORGET = """
            delete from plumb.request r
             where (r.domain, r.key, r.request_id) in (
                   select o.domain, o.key, o.request_id from plumb.request o
                    where o.at < statement_timestamp() - make_interval(secs => ?)
                    order by o.at limit 2000)""";

    private static final int PIECE = 2_000;
    private static final int MOST_PIECES = 500;

    private final DataSource database;

    /// @param database READ COMMITTED, in autocommit mode
    public RequestRows(DataSource database) {
        this.database = database;
    }

    /// Of one key, newest first. Blocks for a query.
    ///
    /// @throws LeaseTableException if the database did not answer
    public List<Done<String>> newest(Key key, int limit) {
        return read(NEWEST, key, query -> query.setInt(3, limit));
    }

    /// Blocks for a query.
    ///
    /// @throws LeaseTableException if the database did not answer
    public Optional<Done<String>> find(Key key, RequestId id) {
        return read(FIND, key, query -> query.setString(3, id.text())).stream().findFirst();
    }

    /// Forgets what is older than that, bounded in one call. Blocks.
    ///
    /// @return how many rows are gone
    /// @throws LeaseTableException if the database did not answer
    public int prune(Duration retention) {
        int gone = 0;
        try (Connection connection = database.getConnection();
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            forget.setDouble(1, (double) retention.toSeconds());
            for (int pieces = 0; pieces < MOST_PIECES; pieces++) {
                int deleted = forget.executeUpdate();
                gone += deleted;
                if (deleted < PIECE) return gone;
            }
            return gone;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @FunctionalInterface
    private interface Binding {
        void to(PreparedStatement query) throws SQLException;
    }

    private List<Done<String>> read(String sql, Key key, Binding third) {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, key.domain());
            query.setString(2, key.text());
            third.to(query);
            try (ResultSet row = query.executeQuery()) {
                var rows = new ArrayList<Done<String>>();
                while (row.next())
                    rows.add(new Done<>(
                            new RequestId(row.getString(1)), new Fingerprint(row.getString(2)), row.getString(3)));
                return rows;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the requests were not answered: " + cause.getMessage(), cause);
    }
}
