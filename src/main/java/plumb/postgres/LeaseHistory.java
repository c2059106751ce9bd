package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Key;
import plumb.keyspace.KeyRange;
import plumb.ownership.LeaseTableException;

/// Every grant that ever was. Safe for use by several threads.
public final class LeaseHistory {
    /// A wish carries the epoch that it was made for, so the grant that follows has the next one.
    private static final String OF_ALL = """
            select h.range_id, h.lo, h.hi, h.epoch, h.owner, i.name, h.reason, d.made_by, d.reason, h.at
              from plumb.lease_history h
              left join plumb.instance i on i.instance_id = h.owner
              left join lateral (select made_by, reason from plumb.decision
                                  where range_id = h.range_id and epoch = h.epoch - 1
                                  order by decision_id desc limit 1) d on true
            """;

    private static final String GRANTS = OF_ALL + " where h.domain = ?\n";

    /// By the index over owners, of all its incarnations, newest first.
    static final String OF_INSTANCE = OF_ALL + """
             where h.owner in (select instance_id from plumb.instance where name = ?)
             order by h.at desc limit ?""";

    /// By the index over domain, slots and time, nearest first.
    static final String OWNER_AT = GRANTS + """
             and int8range(h.lo, h.hi) @> ?::bigint and h.at <= ?
             order by h.at operator(plumb.<->) ? limit 1""";

    /// By the same index, newest first.
    static final String OF_SLOTS = GRANTS + """
             and int8range(h.lo, h.hi) && int8range(?, ?)
             order by h.at operator(plumb.<->) timestamptz '9999-01-01' limit ?""";

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
    /// @param range as it was called then
    /// @param keys that it had then
    /// @param owner null: it was free from then on
    /// @param name null: the instance's row is gone, or nobody owned it
    /// @param decidedBy null: nobody asked for it
    public record Grant(
            int range,
            KeyRange keys,
            long epoch,
            @Nullable UUID owner,
            @Nullable String name,
            @Nullable String cause,
            @Nullable String decidedBy,
            @Nullable String why,
            Instant at) {
        /// What to call the owner; null: nobody.
        public @Nullable String called() {
            return name == null && owner != null ? owner.toString() : name;
        }
    }

    /// The latest grants of anything in those slots, newest first. Blocks for the database.
    ///
    /// @throws LeaseTableException if the database did not answer
    public List<Grant> of(String domain, KeyRange slots, int limit) {
        return read(OF_SLOTS, domain, slots.lo(), slots.hi(), limit);
    }

    /// The latest grants to an instance, newest first. Blocks for the database.
    ///
    /// @throws LeaseTableException if the database did not answer
    public List<Grant> ofInstance(String name, int limit) {
        return read(OF_INSTANCE, name, limit);
    }

    /// The grant that held at that time. Blocks for the database.
    ///
    /// @return empty: none is remembered
    /// @throws LeaseTableException if the database did not answer
    public Optional<Grant> ownerAt(Key key, Instant time) {
        OffsetDateTime then = OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
        return read(OWNER_AT, key.domain(), key.slot().value(), then, then).stream()
                .findFirst();
    }

    private List<Grant> read(String sql, Object... values) {
        try (Connection connection = connections.open("plumb history");
                PreparedStatement select = Sql.prepare(connection, sql, values);
                ResultSet row = select.executeQuery()) {
            var grants = new ArrayList<Grant>();
            while (row.next()) grants.add(grant(row));
            return grants;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Forgets grants that were followed by another one longer ago than that, decisions, and incarnations that no grant
    /// names any more. Blocks.
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
                new KeyRange(row.getLong(2), row.getLong(3)),
                row.getLong(4),
                row.getObject(5, UUID.class),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getObject(10, OffsetDateTime.class).toInstant());
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the history was not answered: " + cause.getMessage(), cause);
    }
}
