package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Statements of one line. A value may be null where its parameter is cast.
final class Sql {
    private Sql() {}

    /// Whether the query finds, and by its own words locks, a row.
    static boolean locks(Connection transaction, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(transaction, sql, values);
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    static int update(Connection transaction, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(transaction, sql, values)) {
            return statement.executeUpdate();
        }
    }

    static PreparedStatement prepare(Connection transaction, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = transaction.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
        return statement;
    }
}
