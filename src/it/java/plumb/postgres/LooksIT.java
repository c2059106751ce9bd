package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is asked again and again reads what it looks for, not all that is there.
@Timeout(60)
class LooksIT {
    private static PlumbDatabase database;

    @BeforeAll
    static void much() throws SQLException {
        database = PlumbDatabase.migrated("looks");
        database.execute("""
                insert into plumb.alarm (domain, key, name, argument, slot, due, attempts, range_id, epoch)
                select 'customer', n::text, 'late', '', n, now() + make_interval(secs => n), 0, 1, 1
                  from generate_series(1, 20000) n""");
        database.execute("""
                insert into plumb.request (domain, key, request_id, fingerprint, answer, at, range_id, epoch)
                select 'customer', n::text, 'a', 'f', '', now() - make_interval(secs => n), 1, 1
                  from generate_series(1, 20000) n""");
        database.execute("analyze plumb.alarm, plumb.request");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @Test
    void alarmsThatAreNotDueAreNotRead() throws SQLException {
        String sql = AlarmRows.OVERDUE
                .replaceFirst("\\?", "'7b0e3f9c-5d0a-4c0e-9f62-3a4f0c1b2d3e'::uuid")
                .replaceFirst("\\?", "1000");
        assertThat(database.query("explain " + sql))
                .anyMatch(line -> line.contains("Index Cond: (due <= statement_timestamp())"));
    }

    @Test
    void requestsThatAreRememberedAreNotRead() throws SQLException {
        String sql = RequestRows.FORGET.replaceFirst("\\?", "86400.0");
        assertThat(database.query("explain " + sql))
                .anyMatch(line -> line.contains("Index Cond: (at < (statement_timestamp()"));
    }
}
