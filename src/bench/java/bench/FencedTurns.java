package bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import plumb.Statement;
import plumb.commit.Unit;
import plumb.commit.Write;
import plumb.keyspace.Incarnation;
import plumb.keyspace.Tenure;
import plumb.ownership.LeaseTable.ClaimResult;
import plumb.postgres.Connections;
import plumb.postgres.Migrations;
import plumb.postgres.PostgresLeaseTable;
import plumb.postgres.PostgresSettings;
import plumb.testsupport.DurablePostgres;

/// A database of its own in which one incarnation holds 16 ranges, and turns for it that write one row of about 300
/// bytes each.
public final class FencedTurns implements AutoCloseable {
    /// Where its rows go, to the table `turn`.
    public static final String DATABASE = "lane";

    private static final int RANGES = 16;
    private static final Statement<Row> INSERT =
            Statement.of(Row.class, "insert into turn (id, range_id, epoch, body) values (:id, :range, :epoch, :body)");

    /// What a turn writes.
    record Row(UUID id, String body) {}

    private final DurablePostgres postgres;
    private final Connections connections;
    private final PostgresLeaseTable table;
    private final List<Tenure> tenures;
    private final AtomicInteger turns = new AtomicInteger();

    public FencedTurns(DurablePostgres postgres) throws Exception {
        this.postgres = postgres;
        connections = new Connections(PostgresSettings.of(postgres.createDatabase(DATABASE), DurablePostgres.USER, ""));
        new Migrations(connections, FencedTurns.class.getClassLoader(), List.of("plumb")).run();
        try (Connection connection = postgres.connect(DATABASE);
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute("create table turn (id uuid primary key, range_id int, epoch bigint, body text)");
        }
        table = new PostgresLeaseTable(connections);
        table.createRanges("lane", "UUID", RANGES);
        Incarnation me = table.register(MadeUp.info("lane"), null);
        tenures = ((ClaimResult.Granted) table.claim(me, RANGES))
                .leases().stream().map(lease -> lease.tenure()).toList();
    }

    public Connections connections() {
        return connections;
    }

    /// Each is of the next range.
    public Unit next() {
        return next("x".repeat(300));
    }

    /// The same with that text in its row.
    public Unit next(String body) {
        return new Unit(tenure(), List.of(new Write(INSERT, new Row(UUID.randomUUID(), body))));
    }

    /// Deletes what has been written.
    public void forget() throws SQLException {
        try (Connection connection = postgres.connect(DATABASE);
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute("truncate turn");
        }
    }

    /// The same, but writes nothing.
    public Unit nextProbe() {
        return Unit.probe(tenure());
    }

    private Tenure tenure() {
        return tenures.get(Math.floorMod(turns.getAndIncrement(), RANGES));
    }

    @Override
    public void close() {
        table.close();
    }
}
