package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.Decision;
import plumb.ownership.InstanceRow.State;
import plumb.ownership.Lease;
import plumb.ownership.Wish;

/// What is wished of ranges: written and taken back by anybody, and, for their bounds, fulfilled by the owner. As with
/// a hand-over, what fulfils a wish compares it under the row's lock, so a wish that was cancelled is never fulfilled
/// late.
final class Wishes {
    private static final String FREE = """
            select from plumb.range_lease
             where range_id = ? and epoch = ? and owner is not null
               and target is null and split_at is null and not merge_next
               for update""";

    /// What cannot be is refused here, and again by the owner.
    private static final String MOVE =
            "update plumb.range_lease set target = ?, ver = ? where range_id = ? and owner <> ?";

    private static final String SPLIT =
            "update plumb.range_lease set split_at = ?, ver = ? where range_id = ? and lo < ? and ? < hi";

    private static final String MERGE = """
            update plumb.range_lease r set merge_next = true, ver = ?
             where range_id = ?
               and exists (select from plumb.range_lease n where n.domain = r.domain and n.lo = r.hi and n.owner = r.owner)""";

    /// The epoch makes a wish out of date once the range has moved on.
    private static final String WISHED = """
            select from plumb.range_lease
             where range_id = ? and epoch = ? and (target is not null or split_at is not null or merge_next) for update""";

    private static final String CANCEL =
            "update plumb.range_lease set target = null, split_at = null, merge_next = false, ver = ? where range_id = ?";

    private static final String CURRENT = "select from plumb.range_lease where range_id = ? and epoch = ? for update";

    private static final String PIN = "update plumb.range_lease set pinned = ?, ver = ? where range_id = ?";

    private static final String DECIDED = """
            insert into plumb.decision (made_by, kind, range_id, epoch, detail, reason) values (?, ?, ?, ?, ?, ?)""";

    private static final String TO_SPLIT =
            "select from plumb.range_lease where range_id = ? and epoch = ? and owner = ? and split_at = ? for update";

    /// The first half keeps the id.
    private static final String SHRINK = """
            update plumb.range_lease set hi = ?, epoch = epoch + 1, since = clock_timestamp(), ver = ? where range_id = ?
            returning range_id, domain, lo, hi, epoch""";

    private static final String ADD = """
            insert into plumb.range_lease (domain, lo, hi, owner, epoch, ver)
            select domain, hi, ?, owner, epoch, ver from plumb.range_lease where range_id = ?
            returning range_id, domain, lo, hi, epoch""";

    private static final String HI = "select hi from plumb.range_lease where range_id = ?";

    /// By id, as everybody locks range rows.
    private static final String TO_MERGE = """
            select a.range_id from plumb.range_lease a, plumb.range_lease b
             where a.range_id = ? and a.epoch = ? and a.owner = ? and a.merge_next
               and b.range_id = ? and b.epoch = ? and b.owner = a.owner and b.domain = a.domain and b.lo = a.hi
               and b.target is null and b.split_at is null and not b.merge_next""";

    private static final String BOTH =
            "select range_id from plumb.range_lease where range_id in (?, ?) order by range_id for update";

    private static final String REMOVE = "delete from plumb.range_lease where range_id = ?";

    private static final String GROW = """
            update plumb.range_lease set hi = ?, epoch = ?, since = clock_timestamp(), ver = ? where range_id = ?
            returning range_id, domain, lo, hi, epoch""";

    private Wishes() {}

    static boolean wish(Connection transaction, RangeId range, Epoch epoch, Wish wish, Decision decision)
            throws SQLException {
        int id = range.value();
        if (!Sql.locks(transaction, FREE, id, epoch.value())) return false;
        long version = RoutingVersion.touch(transaction, "wish");
        boolean done = switch (wish) {
            case Wish.Move move ->
                Instances.is(transaction, move.target(), State.ALIVE)
                        && Sql.update(
                                        transaction,
                                        MOVE,
                                        move.target().id(),
                                        version,
                                        id,
                                        move.target().id())
                                == 1;
            case Wish.Split split ->
                Sql.update(transaction, SPLIT, split.at(), version, id, split.at(), split.at()) == 1;
            case Wish.Merge merge -> Sql.update(transaction, MERGE, version, id) == 1;
        };
        if (done) decided(transaction, decision, kind(wish), range, epoch, detail(wish));
        if (!done) transaction.rollback();
        return done;
    }

    private static String kind(Wish wish) {
        return switch (wish) {
            case Wish.Move move -> "move";
            case Wish.Split split -> "split";
            case Wish.Merge merge -> "merge";
        };
    }

    private static @Nullable String detail(Wish wish) {
        return switch (wish) {
            case Wish.Move move -> "to " + move.target();
            case Wish.Split split -> "at " + split.at();
            case Wish.Merge merge -> null;
        };
    }

    static boolean cancel(Connection transaction, RangeId range, Epoch epoch) throws SQLException {
        if (!Sql.locks(transaction, WISHED, range.value(), epoch.value())) return false;
        long version = RoutingVersion.touch(transaction, "wish cancelled");
        return Sql.update(transaction, CANCEL, version, range.value()) == 1;
    }

    static boolean pin(Connection transaction, RangeId range, Epoch epoch, boolean pinned, Decision decision)
            throws SQLException {
        if (!Sql.locks(transaction, CURRENT, range.value(), epoch.value())) return false;
        long version = RoutingVersion.touch(transaction, "pin");
        decided(transaction, decision, pinned ? "pin" : "unpin", range, epoch, null);
        return Sql.update(transaction, PIN, pinned, version, range.value()) == 1;
    }

    private static void decided(
            Connection transaction, Decision decision, String kind, RangeId range, Epoch epoch, @Nullable String detail)
            throws SQLException {
        try (PreparedStatement insert = transaction.prepareStatement(DECIDED)) {
            insert.setString(1, decision.by());
            insert.setString(2, kind);
            insert.setInt(3, range.value());
            insert.setLong(4, epoch.value());
            insert.setString(5, detail);
            insert.setString(6, decision.reason());
            insert.executeUpdate();
        }
    }

    /// The deferred checks of the table see that no slot is lost or owned twice.
    static List<Lease> split(Connection transaction, Tenure held, long at, HandedAlong along) throws SQLException {
        int id = held.range().value();
        if (!Sql.locks(
                transaction, TO_SPLIT, id, held.epoch().value(), held.owner().id(), at)) return List.of();
        long version = RoutingVersion.touch(transaction, "split");
        if (!mayChange(transaction, held)) return List.of();
        long hi = hi(transaction, id);
        Lease first = lease(transaction, held, SHRINK, at, version, id);
        Lease second = lease(transaction, held, ADD, hi, id);
        for (Lease half : List.of(first, second)) Luggage.send(transaction, half.tenure(), along.within(half.keys()));
        return List.of(first, second);
    }

    /// The removed range's last line in the history comes before the merged one's, so whoever asks later finds that.
    static Optional<Lease> merge(Connection transaction, Tenure held, Tenure next, HandedAlong along)
            throws SQLException {
        int id = held.range().value();
        int other = next.range().value();
        Sql.locks(transaction, BOTH, id, other);
        if (!Sql.locks(
                transaction,
                TO_MERGE,
                id,
                held.epoch().value(),
                held.owner().id(),
                other,
                next.epoch().value())) return Optional.empty();
        long version = RoutingVersion.touch(transaction, "merge");
        if (!mayChange(transaction, held)) return Optional.empty();
        long epoch = Math.max(held.epoch().value(), next.epoch().value()) + 1;
        long hi = hi(transaction, other);
        Sql.update(transaction, REMOVE, other);
        Lease merged = lease(transaction, held, GROW, hi, epoch, version, id);
        Luggage.send(transaction, merged.tenure(), along);
        return Optional.of(merged);
    }

    private static boolean mayChange(Connection transaction, Tenure held) throws SQLException {
        if (!Instances.isDead(transaction, held.owner()) && Instances.isOfThisHistory(transaction, held.owner()))
            return true;
        transaction.rollback();
        return false;
    }

    private static long hi(Connection transaction, int range) throws SQLException {
        try (PreparedStatement select = Sql.prepare(transaction, HI, range);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) throw new SQLException("range " + range + " is gone, though it is locked");
            return row.getLong(1);
        }
    }

    private static Lease lease(Connection transaction, Tenure held, String sql, Object... values) throws SQLException {
        try (PreparedStatement change = Sql.prepare(transaction, sql, values);
                ResultSet row = change.executeQuery()) {
            var leases = new ArrayList<Lease>();
            while (row.next()) leases.add(Rows.lease(row, held.owner()));
            return leases.getFirst();
        }
    }
}
