package plumb.postgres;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import plumb.keyspace.Incarnation;
import plumb.keyspace.RangeId;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseTableException;

/// What ranges cost, as their owners say. Safe for use by several threads.
public final class RangeLoads {
    /// In order of ids, and only by who owns the range under that epoch: nobody waits for anybody. The row of a range
    /// is its owner's alone.
    private static final String PUBLISH = """
            insert into plumb.range_load as l (range_id, epoch, at, load, waiting, requests, hot)
            select m.range_id, m.epoch, clock_timestamp(), m.load, m.waiting, m.requests, m.hot
              from unnest(?::int[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[], ?::text[])
                   as m(range_id, epoch, load, waiting, requests, hot)
              join plumb.range_lease r on r.range_id = m.range_id and r.epoch = m.epoch and r.owner = ?
             order by m.range_id
            on conflict (range_id) do update
               set epoch = excluded.epoch, at = excluded.at, load = excluded.load, waiting = excluded.waiting,
                   requests = excluded.requests, hot = excluded.hot
             where l.epoch <= excluded.epoch""";

    private static final String FORGET = """
            delete from plumb.range_load l
             where not exists (select from plumb.range_lease r where r.range_id = l.range_id)""";

    private static final String READ = """
            select range_id, epoch, extract(epoch from clock_timestamp() - at) as age, load, waiting, requests, hot
              from plumb.range_load""";

    private final Connections connections;

    public RangeLoads(Connections connections) {
        this.connections = connections;
    }

    /// What a range costs.
    ///
    /// @param load seconds of work per second
    /// @param waiting requests in mailboxes, on average
    /// @param requests per second
    /// @param hot keys that stand out
    public record Measured(Tenure tenure, double load, double waiting, double requests, List<HotKey> hot) {
        public Measured {
            hot = List.copyOf(hot);
        }
    }

    /// A key that stands out.
    ///
    /// @param share of its range's load
    public record HotKey(String key, double share) {}

    /// What a range cost when its owner said so.
    ///
    /// @param epoch in which it was measured
    /// @param ageSeconds by the database's clock
    public record Known(
            RangeId range,
            long epoch,
            double ageSeconds,
            double load,
            double waiting,
            double requests,
            List<HotKey> hot) {
        public Known {
            hot = List.copyOf(hot);
        }
    }

    /// One statement for all; what `me` does not own any more is left out. Blocks for the database.
    ///
    /// @throws LeaseTableException if it did not answer
    public void publish(Incarnation me, Collection<Measured> loads) {
        if (loads.isEmpty()) return;
        List<Measured> all = loads.stream()
                .sorted(Comparator.comparing(each -> each.tenure().range()))
                .toList();
        try (Connection connection = connections.open("plumb load");
                PreparedStatement publish = connection.prepareStatement(PUBLISH)) {
            publish.setArray(
                    1,
                    column(
                            connection,
                            "int4",
                            all,
                            each -> each.tenure().range().value()));
            publish.setArray(
                    2,
                    column(
                            connection,
                            "int8",
                            all,
                            each -> each.tenure().epoch().value()));
            publish.setArray(3, column(connection, "float8", all, Measured::load));
            publish.setArray(4, column(connection, "float8", all, Measured::waiting));
            publish.setArray(5, column(connection, "float8", all, Measured::requests));
            publish.setArray(6, column(connection, "text", all, each -> written(each.hot())));
            publish.setObject(7, me.id());
            publish.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static java.sql.Array column(
            Connection connection, String type, List<Measured> all, Function<Measured, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, all.stream().map(value).toArray());
    }

    /// Ranges that were merged away are forgotten. Blocks for the database.
    ///
    /// @throws LeaseTableException if it did not answer
    public int forget() {
        try (Connection connection = connections.open("plumb load")) {
            return Sql.update(connection, FORGET);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// What is known of every range. Blocks for the database.
    ///
    /// @throws LeaseTableException if it did not answer
    public List<Known> read() {
        try (Connection connection = connections.open("plumb load");
                PreparedStatement select = connection.prepareStatement(READ);
                ResultSet row = select.executeQuery()) {
            var all = new java.util.ArrayList<Known>();
            while (row.next())
                all.add(new Known(
                        new RangeId(row.getInt(1)),
                        row.getLong(2),
                        row.getDouble(3),
                        row.getDouble(4),
                        row.getDouble(5),
                        row.getDouble(6),
                        parsed(row.getString(7))));
            return all;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static String written(List<HotKey> hot) {
        var text = new StringBuilder();
        for (HotKey each : hot)
            text.append(String.format(Locale.ROOT, "%.3f ", each.share()))
                    .append(URLEncoder.encode(each.key(), StandardCharsets.UTF_8))
                    .append('\n');
        return text.toString();
    }

    private static List<HotKey> parsed(String text) {
        return text.lines()
                .map(line -> line.split(" ", 2))
                .map(parts ->
                        new HotKey(URLDecoder.decode(parts[1], StandardCharsets.UTF_8), Double.parseDouble(parts[0])))
                .toList();
    }

    private static LeaseTableException failed(SQLException cause) {
        return new LeaseTableException("the loads were not answered: " + cause.getMessage(), cause);
    }
}
