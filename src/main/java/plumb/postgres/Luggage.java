package plumb.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import plumb.keyspace.HandedAlong;
import plumb.keyspace.Tenure;

/// What travels with a range in the transaction that moves it. Only the epoch that this transaction begins can see it:
/// a range that is claimed, or taken back, begins another.
final class Luggage {
    private static final String FORGET = "delete from plumb.handed_along where range_id = ?";

    private static final String SEND = """
            insert into plumb.handed_along (range_id, epoch, key, state)
            select ?, ?, sent.key, sent.state from unnest(?::text[], ?::text[]) as sent(key, state)""";

    private static final String RECEIVE = "select key, state from plumb.handed_along where range_id = ? and epoch = ?";

    private Luggage() {}

    /// @param next the tenure that begins with this transaction; of its owner nothing is known yet
    static void send(Connection transaction, Tenure next, HandedAlong along) throws SQLException {
        int range = next.range().value();
        long epoch = next.epoch().value();
        try (PreparedStatement forget = transaction.prepareStatement(FORGET)) {
            forget.setInt(1, range);
            forget.execute();
        }
        if (along.isEmpty()) return;
        var keys = new ArrayList<String>(along.states().keySet());
        for (String key : along.live()) if (!along.states().containsKey(key)) keys.add(key);
        try (PreparedStatement send = transaction.prepareStatement(SEND)) {
            send.setInt(1, range);
            send.setLong(2, epoch);
            send.setArray(3, transaction.createArrayOf("text", keys.toArray()));
            send.setArray(
                    4,
                    transaction.createArrayOf(
                            "text", keys.stream().map(along.states()::get).toArray()));
            send.execute();
        }
    }

    static HandedAlong of(Connection transaction, Tenure held) throws SQLException {
        var states = new HashMap<String, String>();
        var live = new ArrayList<String>();
        try (PreparedStatement receive = transaction.prepareStatement(RECEIVE)) {
            receive.setInt(1, held.range().value());
            receive.setLong(2, held.epoch().value());
            try (ResultSet row = receive.executeQuery()) {
                while (row.next()) {
                    live.add(row.getString(1));
                    String state = row.getString(2);
                    if (state != null) states.put(row.getString(1), state);
                }
            }
        }
        return new HandedAlong(states, live);
    }
}
