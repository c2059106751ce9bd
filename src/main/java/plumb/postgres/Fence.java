package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;

/// What makes a stale write impossible: the first statement of a transaction that writes.
final class Fence {
    /// `FOR SHARE`, not `FOR KEY SHARE`: it must conflict with the takeover's plain UPDATE of the epoch. Either the
    /// takeover waits for this transaction's end, or this waits for the takeover's commit and then judges the row
    /// again and does not return it. In id order, as everybody locks range rows. The session takes the name of the
    /// current life with it, so that a taker finds it, and the transaction's id comes back, so that a lost answer can
    /// be looked up. The lineage is read once, not for each row: it is in a file.
    static final String SQL = """
            with held as materialized (
                select r.range_id, r.epoch, r.owner
                  from plumb.range_lease r
                  join unnest(?::int[], ?::bigint[], ?::uuid[]) t(range_id, epoch, owner)
                    on t.range_id = r.range_id and t.epoch = r.epoch and t.owner = r.owner
                  join plumb.instance i on i.instance_id = r.owner and i.lineage = (select plumb.lineage())
                 order by r.range_id
                   for share of r)
            select s.xid, s.name, h.range_id, h.epoch, h.owner
              from (select <transaction> as xid, set_config('application_name', ?, false) as name) s
              left join held h on true""".replace("<transaction>", FenceSql.TRANSACTION);

    private Fence() {}

    /// @param xid the transaction, as [TransactionStatus] knows it
    /// @param tenures those asked for that hold, and will until this transaction ends
    record Held(String xid, Set<Tenure> tenures) {}

    /// Blocks behind a takeover in progress, at most for the lock time-out.
    ///
    /// @param me the current life
    static Held take(Connection transaction, List<Tenure> tenures, Incarnation me) throws SQLException {
        return take(transaction, SQL, tenures, me);
    }

    /// Tests put weaker texts here, to prove that they would notice.
    static Held take(Connection transaction, String sql, List<Tenure> tenures, Incarnation me) throws SQLException {
        try (PreparedStatement fence = transaction.prepareStatement(sql)) {
            fence.setArray(1, Rows.ranges(transaction, tenures));
            fence.setArray(2, Rows.epochs(transaction, tenures));
            fence.setArray(3, Rows.owners(transaction, tenures));
            fence.setString(4, Connections.nameOf(me));
            try (ResultSet row = fence.executeQuery()) {
                return held(row);
            }
        }
    }

    private static Held held(ResultSet row) throws SQLException {
        String xid = "";
        var tenures = new HashSet<Tenure>();
        while (row.next()) {
            xid = row.getString(1);
            UUID owner = row.getObject(5, UUID.class);
            if (owner == null) continue; // the left join's row without a range
            tenures.add(new Tenure(new RangeId(row.getInt(3)), new Epoch(row.getLong(4)), new Incarnation(owner)));
        }
        return new Held(xid, tenures);
    }
}
