package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.Heartbeat;
import plumb.ownership.LeaseTableException;

/// Renews the own row on a connection of its own, reopened after a failure. For one thread.
public final class PostgresHeartbeat implements Heartbeat {
    /// A compare-and-set: who was declared dead meanwhile, or whose row a failover put back, matches nothing. The
    /// routing version comes along without a lock, so a renewal waits for nobody.
    private static final String RENEW = """
            update plumb.instance
               set hb = hb + 1, expires_at = clock_timestamp() + make_interval(secs => ?)
             where instance_id = ? and hb = ? and state <> 'DEAD' and lineage = plumb.lineage()
            returning hb, (select v from plumb.routing_version)""";

    /// Only after a renewal that matched nothing: the row is then dead, gone, or one ahead because an answer was
    /// lost. Nobody but this thread raises it, so reading without a lock is enough.
    private static final String LOOK = """
            select i.state, i.hb, r.v, i.lineage, plumb.lineage()
              from plumb.instance i cross join plumb.routing_version r
             where i.instance_id = ?""";

    private final Connections connections;
    private final Duration ttl;
    private @Nullable Connection connection;
    private @Nullable Incarnation named;

    /// @param connections their statement time-out bounds a renewal
    /// @param ttl written as a hint for people
    public PostgresHeartbeat(Connections connections, Duration ttl) {
        this.connections = connections;
        this.ttl = ttl;
    }

    /// A connection that was cut while it lay idle costs one more attempt, not a renewal: asking twice is safe,
    /// because the second answer says so if the first was applied.
    @Override
    public Renewal renew(Incarnation me, long lastHeartbeat) {
        boolean reused = connection != null && me.equals(named);
        try {
            return attempt(me, lastHeartbeat);
        } catch (SQLException e) {
            close();
            if (!reused || !Verdict.endsSession(e)) throw unanswered(me, e);
        }
        try {
            return attempt(me, lastHeartbeat);
        } catch (SQLException e) {
            close();
            throw unanswered(me, e);
        }
    }

    private static LeaseTableException unanswered(Incarnation me, SQLException cause) {
        return new LeaseTableException("renewal of " + me + " was not answered: " + cause.getMessage(), cause);
    }

    private Renewal attempt(Incarnation me, long lastHeartbeat) throws SQLException {
        Connection open = connection(me);
        try (PreparedStatement renew = open.prepareStatement(RENEW)) {
            renew.setDouble(1, ttl.toMillis() / 1000.0);
            renew.setObject(2, me.id());
            renew.setLong(3, lastHeartbeat);
            try (ResultSet row = renew.executeQuery()) {
                if (row.next()) return new Renewal.Renewed(row.getLong(1), row.getLong(2), false);
            }
        }
        return look(open, me, lastHeartbeat);
    }

    private static Renewal look(Connection open, Incarnation me, long lastHeartbeat) throws SQLException {
        try (PreparedStatement look = open.prepareStatement(LOOK)) {
            look.setObject(1, me.id());
            try (ResultSet row = look.executeQuery()) {
                if (!row.next()) return new Renewal.Lost("the row is gone");
                if (row.getString(1).equals("DEAD")) return new Renewal.Lost("declared dead");
                if (!row.getString(4).equals(row.getString(5)))
                    return new Renewal.Lost("the database's history changed, from " + row.getString(4) + " to "
                            + row.getString(5) + ": a failover, which may have forgotten commits");
                long heartbeat = row.getLong(2);
                if (heartbeat != lastHeartbeat + 1)
                    return new Renewal.Lost("the heartbeat was " + lastHeartbeat + " and now reads " + heartbeat);
                return new Renewal.Renewed(heartbeat, row.getLong(3), true);
            }
        }
    }

    private Connection connection(Incarnation me) throws SQLException {
        if (!me.equals(named)) close(); // a session must not carry the name of a former life
        Connection open = connection;
        if (open == null) {
            open = connections.open(Connections.nameOf(me));
            connection = open;
            named = me;
        }
        return open;
    }

    @Override
    public void close() {
        Quietly.close(connection);
        connection = null;
    }
}
