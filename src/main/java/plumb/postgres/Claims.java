package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow;
import plumb.ownership.Lease;
import plumb.ownership.LeaseTable.ClaimResult;

/// Taking ranges: free ones, those of the dead, and the own ones anew.
final class Claims {
    private static final String ORPHANED = """
            select r.range_id
              from plumb.range_lease r left join plumb.instance o on o.instance_id = r.owner
             where (r.owner is null or o.state = 'DEAD')""";

    /// SKIP LOCKED: claimers never queue on each other, and a row that changed meanwhile is judged again. A range
    /// whose dead owner still has a fenced transaction open is skipped too, until its session is ended.
    private static final String OFFERED = ORPHANED + " and r.target = ? for update of r skip locked";

    /// As above; the order differs per claimer, so that claimers of one moment meet rarely.
    private static final String OTHERS = ORPHANED + """
               and (r.target is null
                    or exists (select from plumb.instance t where t.instance_id = r.target and t.state <> 'ALIVE'))
             order by hashtext(concat(r.range_id, ?::text)) limit ?
               for update of r skip locked""";

    /// As above, whomever they are offered to.
    private static final String CHOSEN =
            ORPHANED + " and r.range_id = any(?) order by r.range_id for update of r skip locked";

    /// The rows are locked by now: nobody else can have changed them since they were chosen.
    private static final String TAKE = """
            update plumb.range_lease
               set owner = ?, epoch = epoch + 1, target = null, since = clock_timestamp(), ver = ?
             where range_id = any(?)
            returning range_id, domain, lo, hi, epoch""";

    /// Waits for every fenced transaction on those rows, among them whatever a lost connection left behind; after
    /// this commit it finds no tenure to match.
    private static final String OWN = """
            select r.range_id
              from plumb.range_lease r
              join unnest(?::int[], ?::bigint[]) t(range_id, epoch) on t.range_id = r.range_id and t.epoch = r.epoch
             where r.owner = ? order by r.range_id for update of r""";

    /// As [#TAKE]; an offer was of the former epoch.
    private static final String RAISE = """
            update plumb.range_lease set epoch = epoch + 1, target = null, since = clock_timestamp(), ver = ?
             where range_id = any(?)
            returning range_id, domain, lo, hi, epoch""";

    private Claims() {}

    static ClaimResult claim(Connection transaction, Incarnation me, int max) throws SQLException {
        List<Integer> ids = offered(transaction, me);
        if (max > 0) ids.addAll(others(transaction, me, max));
        return take(transaction, me, ids);
    }

    static ClaimResult claim(Connection transaction, Incarnation me, Set<RangeId> ranges) throws SQLException {
        return take(transaction, me, chosen(transaction, ranges));
    }

    private static ClaimResult take(Connection transaction, Incarnation me, List<Integer> ids) throws SQLException {
        long version = ids.isEmpty() ? 0 : RoutingVersion.touch(transaction, "claim");
        Optional<InstanceRow> own = Instances.one(transaction, me);
        if (own.filter(row -> row.state() == InstanceRow.State.ALIVE).isEmpty()) {
            transaction.rollback();
            return notAlive(own);
        }
        if (!Instances.isOfThisHistory(transaction, me)) {
            transaction.rollback();
            return new ClaimResult.Fenced("the database's history changed");
        }
        if (ids.isEmpty()) return new ClaimResult.Granted(List.of());
        try (PreparedStatement take = transaction.prepareStatement(TAKE)) {
            take.setObject(1, me.id());
            take.setLong(2, version);
            take.setArray(3, Rows.ids(transaction, ids));
            return new ClaimResult.Granted(leases(take, me));
        }
    }

    private static ClaimResult notAlive(Optional<InstanceRow> own) {
        if (own.isEmpty()) return new ClaimResult.Fenced("the row is gone");
        if (own.get().state() == InstanceRow.State.DEAD) return new ClaimResult.Fenced("declared dead");
        return new ClaimResult.Leaving();
    }

    private static List<Integer> offered(Connection transaction, Incarnation me) throws SQLException {
        try (PreparedStatement offered = transaction.prepareStatement(OFFERED)) {
            offered.setObject(1, me.id());
            return ids(offered);
        }
    }

    private static List<Integer> others(Connection transaction, Incarnation me, int max) throws SQLException {
        try (PreparedStatement others = transaction.prepareStatement(OTHERS)) {
            others.setString(1, me.toString());
            others.setInt(2, max);
            return ids(others);
        }
    }

    private static List<Integer> chosen(Connection transaction, Set<RangeId> ranges) throws SQLException {
        try (PreparedStatement chosen = transaction.prepareStatement(CHOSEN)) {
            chosen.setArray(
                    1, Rows.ids(transaction, ranges.stream().map(RangeId::value).toList()));
            return ids(chosen);
        }
    }

    static List<Lease> selfClaim(Connection transaction, Incarnation me, Set<Tenure> held) throws SQLException {
        List<Integer> ids = own(transaction, me, List.copyOf(held));
        if (ids.isEmpty()) return List.of();
        long version = RoutingVersion.touch(transaction, "self-claim");
        if (Instances.isDead(transaction, me) || !Instances.isOfThisHistory(transaction, me)) {
            transaction.rollback();
            return List.of();
        }
        try (PreparedStatement raise = transaction.prepareStatement(RAISE)) {
            raise.setLong(1, version);
            raise.setArray(2, Rows.ids(transaction, ids));
            return leases(raise, me);
        }
    }

    private static List<Integer> own(Connection transaction, Incarnation me, List<Tenure> held) throws SQLException {
        try (PreparedStatement own = transaction.prepareStatement(OWN)) {
            own.setArray(1, Rows.ranges(transaction, held));
            own.setArray(2, Rows.epochs(transaction, held));
            own.setObject(3, me.id());
            return ids(own);
        }
    }

    private static List<Integer> ids(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            var ids = new ArrayList<Integer>();
            while (row.next()) ids.add(row.getInt(1));
            return ids;
        }
    }

    private static List<Lease> leases(PreparedStatement statement, Incarnation me) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            var leases = new ArrayList<Lease>();
            while (row.next()) leases.add(Rows.lease(row, me));
            return List.copyOf(leases);
        }
    }
}
