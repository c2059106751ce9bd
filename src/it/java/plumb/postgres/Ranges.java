package plumb.postgres;

import java.sql.SQLException;
import java.util.UUID;
import plumb.keyspace.Incarnation;

/// Rows put there by hand.
final class Ranges {
    static final String DOMAIN = "customer";

    private Ranges() {}

    static Incarnation instance(PlumbDatabase database, String name) throws SQLException {
        var incarnation = new Incarnation(UUID.randomUUID());
        database.execute(
                "insert into plumb.instance (instance_id, name, url, public_url, version, expires_at)"
                        + " values (?, ?, 'http://x', 'http://x', '1', clock_timestamp())",
                incarnation.id(),
                name);
        return incarnation;
    }

    /// One range over everything.
    ///
    /// @return its id
    static int one(PlumbDatabase database, Incarnation owner, long epoch) throws SQLException {
        database.execute("insert into plumb.domain (name, key_type, slot_function) values ('customer', 'UUID', 1)");
        return Integer.parseInt(database.query(
                        "insert into plumb.range_lease (domain, lo, hi, owner, epoch) values ('customer', 0, 4294967296, ?, ?)"
                                + " returning range_id::text",
                        owner.id(),
                        epoch)
                .getFirst());
    }
}
