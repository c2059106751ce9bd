package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow.State;

/// Planned moves: offer and flip; and letting go of everything.
final class HandOvers {
    /// Locks the row if the offer still makes sense; a competing offer waits here and then finds a target.
    private static final String OFFERABLE = """
            select from plumb.range_lease
             where range_id = ? and epoch = ? and owner is not null and owner <> ?
               and target is null and split_at is null and not merge_next
               for update""";

    private static final String OFFER = "update plumb.range_lease set target = ?, ver = ? where range_id = ?";

    /// The whole tenure and the target, compared under the lock that waits for the last fenced transaction.
    private static final String FLIPPABLE = """
            select from plumb.range_lease
             where range_id = ? and epoch = ? and owner = ? and target = ? for update""";

    private static final String FLIP = """
            update plumb.range_lease
               set owner = target, epoch = epoch + 1, target = null, since = clock_timestamp(), ver = ?
             where range_id = ?
            returning epoch""";

    /// By id, as everybody locks range rows.
    private static final String OWNED = "select from plumb.range_lease where owner = ? order by range_id for update";

    private static final String FREE = """
            update plumb.range_lease
               set owner = null, epoch = epoch + 1, target = null, since = clock_timestamp(), ver = ?
             where owner = ?""";

    private HandOvers() {}

    static boolean offer(Connection transaction, Incarnation me, RangeId range, Epoch epoch, Incarnation target)
            throws SQLException {
        if (!Sql.locks(transaction, OFFERABLE, range.value(), epoch.value(), target.id())) return false;
        long version = RoutingVersion.touch(transaction, "offer");
        if (Instances.isDead(transaction, me) || !Instances.is(transaction, target, State.ALIVE)) {
            transaction.rollback();
            return false;
        }
        return Sql.update(transaction, OFFER, target.id(), version, range.value()) == 1;
    }

    static Optional<Epoch> handOver(Connection transaction, Tenure held, Incarnation target) throws SQLException {
        int range = held.range().value();
        if (!Sql.locks(
                transaction,
                FLIPPABLE,
                range,
                held.epoch().value(),
                held.owner().id(),
                target.id())) return Optional.empty();
        long version = RoutingVersion.touch(transaction, "hand-over");
        if (Instances.isDead(transaction, held.owner()) || !Instances.is(transaction, target, State.ALIVE)) {
            transaction.rollback();
            return Optional.empty();
        }
        try (PreparedStatement flip = Sql.prepare(transaction, FLIP, version, range);
                ResultSet row = flip.executeQuery()) {
            return row.next() ? Optional.of(new Epoch(row.getLong(1))) : Optional.empty();
        }
    }

    static void release(Connection transaction, Incarnation me) throws SQLException {
        Sql.locks(transaction, OWNED, me.id());
        long version = RoutingVersion.touch(transaction, "release");
        Sql.update(transaction, FREE, version, me.id());
        Instances.bury(transaction, me, me);
    }
}
