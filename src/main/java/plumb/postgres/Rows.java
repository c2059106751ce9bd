package plumb.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.keyspace.Epoch;
import plumb.keyspace.Incarnation;
import plumb.keyspace.KeyRange;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.InstanceInfo;
import plumb.ownership.InstanceRow;
import plumb.ownership.Lease;
import plumb.ownership.RangeRow;

/// Rows to facts, and facts to array parameters.
final class Rows {
    private Rows() {}

    /// Columns `instance_id, name, url, public_url, version, state, hb`.
    static InstanceRow instance(ResultSet row) throws SQLException {
        return new InstanceRow(
                new Incarnation(row.getObject("instance_id", UUID.class)),
                new InstanceInfo(
                        row.getString("name"),
                        row.getString("url"),
                        row.getString("public_url"),
                        row.getString("version")),
                InstanceRow.State.valueOf(row.getString("state")),
                row.getLong("hb"));
    }

    /// Columns `range_id, domain, lo, hi, owner, epoch, target, ver, split_at, merge_next, pinned`.
    static RangeRow range(ResultSet row) throws SQLException {
        return new RangeRow(
                new RangeId(row.getInt("range_id")),
                row.getString("domain"),
                new KeyRange(row.getLong("lo"), row.getLong("hi")),
                incarnation(row, "owner"),
                new Epoch(row.getLong("epoch")),
                incarnation(row, "target"),
                row.getLong("ver"),
                row.getObject("split_at", Long.class),
                row.getBoolean("merge_next"),
                row.getBoolean("pinned"));
    }

    /// Columns `range_id, domain, lo, hi, epoch`.
    static Lease lease(ResultSet row, Incarnation owner) throws SQLException {
        return new Lease(
                new RangeId(row.getInt("range_id")),
                row.getString("domain"),
                new KeyRange(row.getLong("lo"), row.getLong("hi")),
                new Epoch(row.getLong("epoch")),
                owner);
    }

    private static @Nullable Incarnation incarnation(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        return id == null ? null : new Incarnation(id);
    }

    static Array ids(Connection connection, Collection<Integer> ids) throws SQLException {
        return connection.createArrayOf("int4", ids.toArray());
    }

    static Array ranges(Connection connection, List<Tenure> tenures) throws SQLException {
        return connection.createArrayOf(
                "int4", tenures.stream().map(t -> t.range().value()).toArray());
    }

    static Array epochs(Connection connection, List<Tenure> tenures) throws SQLException {
        return connection.createArrayOf(
                "int8", tenures.stream().map(t -> t.epoch().value()).toArray());
    }

    static Array owners(Connection connection, List<Tenure> tenures) throws SQLException {
        return connection.createArrayOf(
                "uuid", tenures.stream().map(t -> t.owner().id()).toArray());
    }
}
