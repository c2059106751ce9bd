package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Key;
import plumb.ownership.LeaseTableException;

/// Every grant that ever was. Safe for use by several threads.
public final class LeaseHistory {
    /// By the index over domain, slots and time, nearest first.
    static final String OWNER_AT = """
            select h.range_id, h.epoch, h.owner, i.name, h.reason, h.at
              from plumb.lease_history h left join plumb.instance i on i.instance_id = h.owner
             where h.domain = ? and int8range(h.lo, h.hi) @> ?::bigint and h.at <= ?
             order by h.at operator(plumb.<->) ? limit 1""";

    /// The last one of each range stays, and so do those that may judge a row that is looked at again.
    private static final String PRUNE = """
            delete from plumb.lease_history h
             where (h.range_id, h.epoch) in (
                   select o.range_id, o.epoch from plumb.lease_history o
                    where o.at < clock_timestamp() - make_interval(secs => ?)
                      and exists (select from plumb.lease_history n
                                   where n.range_id = o.range_id and n.epoch > o.epoch
                                     and n.at < clock_timestamp() - make_interval(secs => ?))
                    limit 10000)""";

    private static final String FORGET_DECISIONS =
            "delete from plumb.decision where at < clock_timestamp() - make_interval(secs => ?)";

    private static final String FORGET_THE_DEAD = """
            delete from plumb.instance i
             where i.state = 'DEAD' and i.dead_at < clock_timestamp() - make_interval(secs => ?)
               and not exists (select from plumb.range_lease r where r.owner = i.instance_id or r.target = i.instance_id)
               and not exists (select from plumb.lease_history h where h.owner = i.instance_id)""";

    private final Connections connections;

    public LeaseHistory(Connections connections) {
        this.connections = connections;
    }

    /// Who was given a range, and why.
    ///
    /// @param owner null: it was free from then on
    /// @param name null: the instance's row is gone, or nobody owned it
    public record Grant(
            int range,
            long epoch,
            @Nullable UUID owner,
            @Nullable String name,
            @Nullable String cause,
            Instant at) {}

    /// The grant that held at that time. Blocks for the database.
    ///
    /// @return empty: none is remembered
    /// @throws LeaseTableException if the database did not answer
    public Optional<Grant> ownerAt(Key key, Instant time) {
        try (Connection connection = connections.open("plumb history");
                PreparedStatement select = connection.prepareStatement(OWNER_AT)) {
            select.setString(1, key.domain());
            select.setLong(2, key.slot().value());
            select.setObject(3, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
            select.setObject(4, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(grant(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Forgets grants that were followed by another one longer ago than that, decisions, and incarnations that no grant
    /// names any
    /// more. Blocks.
    ///
    /// @return how many rows are gone
    /// @throws LeaseTableException if the database did not answer
    public int prune(Duration retention) {
        double seconds = (double) retention.toSeconds();
        try (Connection connection = connections.open("plumb history");
                PreparedStatement prune = connection.prepareStatement(PRUNE);
                PreparedStatement decisions = connection.prepareStatement(FORGET_DECISIONS);
                PreparedStatement forget = connection.prepareStatement(FORGET_THE_DEAD)) {
            prune.setDouble(1, seconds);
            prune.setDouble(2, seconds);
            decisions.setDouble(1, seconds);
            forget.setDouble(1, seconds);
            return prune.executeUpdate() + decisions.executeUpdate() + forget.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                row.getInt(1),
                row.getLong(2),
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getString(5),
                row.getObject(6, OffsetDateTime.class).toInstant());
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the history was not answered: " + cause.getMessage(), cause);
    }
}
