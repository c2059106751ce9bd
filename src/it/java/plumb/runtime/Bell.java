package plumb.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import plumb.Handler;
import plumb.Statement;
import plumb.Writes;
import plumb.dispatch.Turn;
import plumb.testsupport.DurablePostgres;

/// A state that writes a row when its alarm fires.
final class Bell {
    /// Alarms whose argument begins like this cannot fire.
    static final String STUCK = "stuck";

    private record Stroke(String bell, String argument) {}

    private static final Statement<Stroke> STRIKE = Statement.of(Stroke.class, """
            insert into stroke (bell, argument, range_id, epoch) values (:bell, :argument, :range, :epoch)""");

    private final String key;
    private final Writes writes;

    private Bell(String key, Writes writes) {
        this.key = key;
        this.writes = writes;
    }

    String ringIn(Duration pause, String argument) {
        Turn.current().alarms().set("ring", argument, Instant.now().plus(pause));
        return argument;
    }

    String strike(String argument) {
        writes.add(STRIKE, new Stroke(key, argument));
        return argument;
    }

    boolean silence(String argument) {
        return Turn.current().alarms().cancel("ring", argument);
    }

    static void createTable(DurablePostgres postgres, String database) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement()) {
            statement.execute("create table stroke (bell text, argument text, range_id int, epoch bigint)");
        }
    }

    static Handler.Factory<Bell> factory() {
        return new Handler.Factory<>() {
            @Override
            public Map<String, Class<?>> alarms() {
                return Map.of("ring", String.class);
            }

            @Override
            public Handler<Bell> create(String key, Writes writes) {
                return new Handler<>() {
                    @Override
                    public Bell load() {
                        return new Bell(key, writes);
                    }

                    @Override
                    public void alarm(Bell bell, String name, String argument) {
                        if (argument.startsWith(STUCK)) throw new IllegalStateException("the test wants it");
                        bell.strike(argument);
                    }
                };
            }
        };
    }
}
