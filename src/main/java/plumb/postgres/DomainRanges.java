package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import plumb.keyspace.KeyRange;
import plumb.keyspace.Slot;
import plumb.ownership.LeaseTable.RangePage;
import plumb.ownership.RangeRow;

/// A domain's first ranges, and reading what changed.
final class DomainRanges {
    /// Whoever comes second waits for the first one's commit here, and then finds its row.
    private static final String FREEZE = """
            insert into plumb.domain (name, key_type, slot_function) values (?, ?, ?) on conflict (name) do nothing""";

    /// The lock makes the ranges below one creator's business.
    private static final String FROZEN = """
            select key_type, slot_function, exists (select from plumb.range_lease r where r.domain = d.name)
              from plumb.domain d where name = ? for update of d""";

    private static final String CREATE =
            "insert into plumb.range_lease (domain, lo, hi, ver) select ?, lo, hi, ? from unnest(?::int8[], ?::int8[]) u(lo, hi)";

    /// One statement, so version and rows are of one snapshot.
    private static final String SINCE = """
            select v, r.range_id, r.domain, r.lo, r.hi, r.owner, r.epoch, r.target, r.ver,
                   r.split_at, r.merge_next, r.pinned
              from plumb.routing_version left join plumb.range_lease r on r.ver > ?
             order by r.domain, r.lo""";

    private DomainRanges() {}

    /// @throws IllegalStateException if the domain is frozen otherwise; nothing was changed
    static void create(Connection transaction, String domain, String keyType, int count) throws SQLException {
        freeze(transaction, domain, keyType);
        if (hasRanges(transaction, domain, keyType)) return;
        List<KeyRange> ranges = KeyRange.even(count);
        long version = RoutingVersion.touch(transaction, "created");
        try (PreparedStatement create = transaction.prepareStatement(CREATE)) {
            create.setString(1, domain);
            create.setLong(2, version);
            create.setArray(
                    3,
                    transaction.createArrayOf(
                            "int8", ranges.stream().map(KeyRange::lo).toArray()));
            create.setArray(
                    4,
                    transaction.createArrayOf(
                            "int8", ranges.stream().map(KeyRange::hi).toArray()));
            create.executeUpdate();
        }
    }

    private static void freeze(Connection transaction, String domain, String keyType) throws SQLException {
        try (PreparedStatement freeze = transaction.prepareStatement(FREEZE)) {
            freeze.setString(1, domain);
            freeze.setString(2, keyType);
            freeze.setInt(3, Slot.FUNCTION_VERSION);
            freeze.executeUpdate();
        }
    }

    private static boolean hasRanges(Connection transaction, String domain, String keyType) throws SQLException {
        try (PreparedStatement frozen = transaction.prepareStatement(FROZEN)) {
            frozen.setString(1, domain);
            try (ResultSet row = frozen.executeQuery()) {
                if (!row.next()) throw new SQLException("domain " + domain + " was removed meanwhile");
                if (!row.getString(1).equals(keyType) || row.getInt(2) != Slot.FUNCTION_VERSION)
                    throw new IllegalStateException("domain " + domain + " has keys of type " + row.getString(1)
                            + " and slot function " + row.getInt(2) + " in this database, not " + keyType + " and "
                            + Slot.FUNCTION_VERSION + ": its rows would be misrouted");
                return row.getBoolean(3);
            }
        }
    }

    static RangePage since(Connection transaction, long version) throws SQLException {
        try (PreparedStatement since = transaction.prepareStatement(SINCE)) {
            since.setLong(1, version == 0 ? -1 : version);
            try (ResultSet row = since.executeQuery()) {
                long now = 0;
                var ranges = new ArrayList<RangeRow>();
                while (row.next()) {
                    now = row.getLong("v");
                    if (row.getObject("range_id") != null) ranges.add(Rows.range(row));
                }
                return new RangePage(List.copyOf(ranges), now);
            }
        }
    }
}
