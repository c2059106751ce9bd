package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The one global row: last lock of every ownership change, after the range rows, before the own instance row is looked
/// at.
final class RoutingVersion {
    /// The channel that carries a new version to every instance.
    static final String CHANNEL = "plumb_routing";

    /// Locks the row until the commit: the order of versions is the order of commits, so "changed since" misses no late
    /// committer. Never called before the range rows are locked: their writers' fences must not be waited for with this
    /// row held.
    private static final String TOUCH = """
            with touched as (update plumb.routing_version set v = v + 1 returning v)
            select v, set_config('plumb.reason', ?, true), pg_notify('plumb_routing', v::text) from touched""";

    private RoutingVersion() {}

    /// @param reason goes to the history
    /// @return the version that this transaction's changes carry
    static long touch(Connection transaction, String reason) throws SQLException {
        try (PreparedStatement touch = transaction.prepareStatement(TOUCH)) {
            touch.setString(1, reason);
            try (ResultSet row = touch.executeQuery()) {
                if (!row.next()) throw new SQLException("plumb.routing_version has no row");
                return row.getLong(1);
            }
        }
    }
}
