package plumb.runtime;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import plumb.Effect;
import plumb.Fingerprint;
import plumb.Handler;
import plumb.Once;
import plumb.RequestId;
import plumb.Statement;
import plumb.Writes;
import plumb.dispatch.Turn;
import plumb.http.Json;
import plumb.keyspace.Key;
import plumb.postgres.RequestRows;
import plumb.testsupport.DurablePostgres;

/// A state of one row that is changed in place, so that nothing of its own tells one request from another.
final class Jar {
    record Coins(int coins) {}

    private record Content(String jar, int coins) {}

    private static final Statement<Content> SAVE = Statement.of(Content.class, """
            insert into jar (jar, coins, range_id, epoch) values (:jar, :coins, :range, :epoch)
            on conflict (jar) do update set coins = :coins, range_id = :range, epoch = :epoch""");

    private static final Json NUMBERS = new Json() {
        @Override
        public String write(Object value) {
            return value.toString();
        }

        @Override
        public <A> A read(String json, Class<A> type) {
            return type.cast(Integer.valueOf(json));
        }
    };

    private final String key;
    private final Writes writes;
    private final Once once;
    private int coins;

    private Jar(String key, Writes writes, Once once, int coins) {
        this.key = key;
        this.writes = writes;
        this.once = once;
        this.coins = coins;
    }

    Effect<Integer> put(Coins added, RequestId request) {
        return once.run(request, Fingerprint.of(added), Integer.class, () -> {
            writes.add(SAVE, new Content(key, coins + added.coins()));
            coins += added.coins();
            return coins;
        });
    }

    static void createTable(DurablePostgres postgres, String database) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute("create table jar (jar text primary key, coins int, range_id int, epoch bigint)");
        }
    }

    static Handler.Factory<Jar> from(String domain, DataSource database) {
        return (key, writes) -> () -> {
            var requests = new RequestsInTable(new RequestRows(database));
            var once = OnceInTable.load(new Key(domain, key), writes, Turn.undo(), requests, NUMBERS);
            return new Jar(key, writes, once, coins(database, key));
        };
    }

    private static int coins(DataSource database, String jar) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("select coins from jar where jar = ?")) {
            select.setString(1, jar);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }
}
