package plumb.runtime;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGPoolingDataSource;
import plumb.testsupport.DurablePostgres;

/// How late alarms fire: 100,000 are set, of as many keys that are not in memory; a part of them gets due one after the
/// other, while other keys write. One instance, real Postgres, no HTTP.
public final class AlarmLag {
    private static final String DATABASE = "alarm_lag";
    private static final int ALARMS = 100_000;
    private static final int DUE = 12_000;
    private static final int PER_SECOND = 150;
    private static final int OTHERS_PER_SECOND = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final DurablePostgres postgres;
    private final Consumer<String> out;

    public AlarmLag(DurablePostgres postgres, Consumer<String> out) {
        this.postgres = postgres;
        this.out = out;
    }

    /// Blocks for some minutes.
    public void run() throws Exception {
        String url = postgres.createDatabase(DATABASE);
        Bell.createTable(postgres, DATABASE);
        try (var instance = new WiredInstance("a", url, Bell.factory(), 256, pool(url));
                var clock = Executors.newSingleThreadScheduledExecutor();
                Connection connection = postgres.connect(DATABASE);
                Statement sql = connection.createStatement()) {
            while (!instance.owns("joe")) TimeUnit.MILLISECONDS.sleep(50);
            sql.execute("alter table stroke add at timestamptz not null default clock_timestamp()");
            seed(sql);
            instance.wiring.alarms.start();
            var others = new LongAdder();
            clock.scheduleAtFixedRate(
                    () -> write(instance, others), 0, 1_000_000 / OTHERS_PER_SECOND, TimeUnit.MICROSECONDS);
            awaitAll(sql);
            clock.shutdownNow();
            report(sql, others.sum());
        }
    }

    /// As a server's: a connection is not opened for each load.
    @SuppressWarnings("deprecation") // of the driver's own pool: good enough where nothing fails
    private static DataSource pool(String url) {
        var pool = new PGPoolingDataSource();
        pool.setURL(url);
        pool.setUser(DurablePostgres.USER);
        pool.setMaxConnections(16);
        return pool;
    }

    /// The slots are random: one instance owns them all.
    private static void seed(Statement sql) throws Exception {
        sql.execute("""
                insert into plumb.alarm (domain, key, name, argument, slot, due, attempts, range_id, epoch)
                select 'customer', 'key-' || i, 'ring', i::text, (random() * 4294967295)::bigint,
                       clock_timestamp() + interval '5 s' + make_interval(secs => i::float8 / %d)
                           + case when i > %d then interval '1 day' else interval '0' end, 0, range_id, epoch
                  from generate_series(1, %d) i, plumb.range_lease""".formatted(PER_SECOND, DUE, ALARMS));
        sql.execute("create table due as select argument, due from plumb.alarm");
        sql.execute("analyze");
    }

    private static void write(WiredInstance instance, LongAdder others) {
        instance.<Bell, String>call("other-" + others.intValue() % 500, bell -> bell.ringIn(Duration.ofDays(1), "x"))
                .thenAccept(done -> others.increment());
    }

    private static void awaitAll(Statement sql) throws Exception {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE.toNanos()) {
            try (ResultSet row = sql.executeQuery("select count(*) from stroke")) {
                row.next();
                if (row.getLong(1) >= DUE) return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new IllegalStateException("not all alarms fired");
    }

    private void report(Statement sql, long others) throws Exception {
        try (ResultSet row = sql.executeQuery("""
                select count(*), count(distinct s.argument),
                       percentile_disc(array[0.5, 0.99, 0.999, 1]) within group (order by
                           round(extract(epoch from s.at - d.due) * 1000))::text
                  from stroke s join due d using (argument)""")) {
            row.next();
            out.accept(
                    "%,d alarms set, %d/s get due beside %,d other writes: fired %,d times, of %,d; lag p50, p99, p99.9, max: %s ms"
                            .formatted(ALARMS, PER_SECOND, others, row.getLong(1), row.getLong(2), row.getString(3)));
        }
    }
}
