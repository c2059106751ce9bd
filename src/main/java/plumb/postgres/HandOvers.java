package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceRow.State;

/// Planned moves: the flip; and letting go of everything.
final class HandOvers {
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

    /// So many at once that the statement ends in time; they are locked already.
    private static final String FREE = """
            update plumb.range_lease
               set owner = null, epoch = epoch + 1, target = null, since = clock_timestamp(), ver = ?
             where range_id in (select range_id from plumb.range_lease where owner = ? limit ?)""";

    private static final int FREED_AT_ONCE = 500;

    private HandOvers() {}

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
        while (Sql.update(transaction, FREE, version, me.id(), FREED_AT_ONCE) == FREED_AT_ONCE) {}
        Instances.bury(transaction, me, me);
    }
}
