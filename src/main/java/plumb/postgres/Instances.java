package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Incarnation;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.InstanceRow.State;

/// Rows of `instance`: who lives. In every ownership change they are looked at or written last, and never locked
/// before that, so that a renewal waits for nobody.
final class Instances {
    /// A fresh id collides with nothing.
    private static final String INSERT = """
            insert into plumb.instance (instance_id, name, url, public_url, version, state, expires_at)
            values (?, ?, ?, ?, ?, ?, clock_timestamp())""";

    /// DEAD is final, so no race can bring a row back.
    private static final String BURY = """
            update plumb.instance set state = 'DEAD', dead_by = ?, dead_at = clock_timestamp()
             where instance_id = ? and state <> 'DEAD'""";

    /// A compare-and-set: a victim that renewed since it was observed stays alive.
    private static final String DECLARE_DEAD = BURY + " and hb = ?";

    /// The sessions are named by incarnation.
    private static final String CONFIRM_DEAD = DECLARE_DEAD + """

             and not exists (select from pg_stat_activity a
                              where a.application_name = 'plumb:' || instance_id and a.datname = current_database())""";

    private static final String HAS_SESSION = """
            select from pg_stat_activity
             where application_name = 'plumb:' || ?::text and datname = current_database()""";

    /// Only from ALIVE: it must not raise the dead.
    private static final String LEAVE =
            "update plumb.instance set state = 'LEAVING' where instance_id = ? and state = 'ALIVE'";

    /// Only from LEAVING: it must not raise the dead.
    private static final String STAY =
            "update plumb.instance set state = 'ALIVE' where instance_id = ? and state = 'LEAVING'";

    private static final String ALL = """
            select instance_id, name, url, public_url, version, state, hb
              from plumb.instance where state <> 'DEAD' order by instance_id""";

    /// Read without a lock: a heartbeat that is missed here is seen by the next read.
    private static final String HEARTBEATS =
            "select instance_id, hb from plumb.instance where instance_id = any(?) and state <> 'DEAD'";

    private static final String ONE = """
            select instance_id, name, url, public_url, version, state, hb
              from plumb.instance where instance_id = ?""";

    private static final String OF_THIS_HISTORY =
            "select from plumb.instance where instance_id = ? and lineage = plumb.lineage()";

    private Instances() {}

    /// The former one's ranges become claimable in the same commit in which the new one appears, and everybody is told.
    static Incarnation register(Connection transaction, InstanceInfo me, State state, @Nullable Incarnation former)
            throws SQLException {
        var fresh = new Incarnation(UUID.randomUUID());
        if (former != null) RoutingVersion.touch(transaction, "self-fence");
        try (PreparedStatement insert = transaction.prepareStatement(INSERT)) {
            insert.setObject(1, fresh.id());
            insert.setString(2, me.name());
            insert.setString(3, me.url());
            insert.setString(4, me.publicUrl());
            insert.setString(5, me.version());
            insert.setString(6, state.name());
            insert.executeUpdate();
        }
        if (former != null) bury(transaction, fresh, former);
        return fresh;
    }

    static void bury(Connection transaction, Incarnation by, Incarnation dead) throws SQLException {
        try (PreparedStatement bury = transaction.prepareStatement(BURY)) {
            bury.setObject(1, by.id());
            bury.setObject(2, dead.id());
            bury.executeUpdate();
        }
    }

    static boolean declareDead(Connection transaction, Incarnation by, Incarnation victim, long observed)
            throws SQLException {
        return kill(transaction, DECLARE_DEAD, by, victim, observed);
    }

    static boolean confirmDead(Connection transaction, Incarnation by, Incarnation victim, long noted)
            throws SQLException {
        return kill(transaction, CONFIRM_DEAD, by, victim, noted);
    }

    private static boolean kill(Connection transaction, String sql, Incarnation by, Incarnation victim, long heartbeat)
            throws SQLException {
        try (PreparedStatement declare = transaction.prepareStatement(sql)) {
            declare.setObject(1, by.id());
            declare.setObject(2, victim.id());
            declare.setLong(3, heartbeat);
            return declare.executeUpdate() == 1;
        }
    }

    static boolean hasSession(Connection transaction, Incarnation incarnation) throws SQLException {
        try (PreparedStatement any = transaction.prepareStatement(HAS_SESSION)) {
            any.setString(1, incarnation.toString());
            try (ResultSet row = any.executeQuery()) {
                return row.next();
            }
        }
    }

    static void leave(Connection transaction, Incarnation me) throws SQLException {
        change(transaction, LEAVE, me);
    }

    static void stay(Connection transaction, Incarnation me) throws SQLException {
        change(transaction, STAY, me);
    }

    private static void change(Connection transaction, String sql, Incarnation me) throws SQLException {
        try (PreparedStatement change = transaction.prepareStatement(sql)) {
            change.setObject(1, me.id());
            change.executeUpdate();
        }
    }

    static List<InstanceRow> living(Connection transaction) throws SQLException {
        try (PreparedStatement all = transaction.prepareStatement(ALL);
                ResultSet row = all.executeQuery()) {
            var rows = new ArrayList<InstanceRow>();
            while (row.next()) rows.add(Rows.instance(row));
            return List.copyOf(rows);
        }
    }

    static Map<Incarnation, Long> heartbeats(Connection transaction, Set<Incarnation> of) throws SQLException {
        Object[] ids = of.stream().map(Incarnation::id).toArray();
        try (PreparedStatement some = transaction.prepareStatement(HEARTBEATS)) {
            some.setArray(1, transaction.createArrayOf("uuid", ids));
            try (ResultSet row = some.executeQuery()) {
                var heartbeats = new HashMap<Incarnation, Long>();
                while (row.next()) heartbeats.put(new Incarnation(row.getObject(1, UUID.class)), row.getLong(2));
                return heartbeats;
            }
        }
    }

    static Optional<InstanceRow> one(Connection transaction, Incarnation incarnation) throws SQLException {
        try (PreparedStatement one = transaction.prepareStatement(ONE)) {
            one.setObject(1, incarnation.id());
            try (ResultSet row = one.executeQuery()) {
                return row.next() ? Optional.of(Rows.instance(row)) : Optional.empty();
            }
        }
    }

    /// Asked after the routing version is locked: a verdict on that incarnation then is either visible, or comes after
    /// us.
    static boolean is(Connection transaction, Incarnation incarnation, State state) throws SQLException {
        return one(transaction, incarnation).filter(row -> row.state() == state).isPresent();
    }

    /// False: that incarnation registered before a failover, whatever its row says.
    static boolean isOfThisHistory(Connection transaction, Incarnation incarnation) throws SQLException {
        try (PreparedStatement same = transaction.prepareStatement(OF_THIS_HISTORY)) {
            same.setObject(1, incarnation.id());
            try (ResultSet row = same.executeQuery()) {
                return row.next();
            }
        }
    }

    /// As [#is], for what a LEAVING incarnation may still do.
    static boolean isDead(Connection transaction, Incarnation incarnation) throws SQLException {
        return one(transaction, incarnation)
                .filter(row -> row.state() != State.DEAD)
                .isEmpty();
    }
}
