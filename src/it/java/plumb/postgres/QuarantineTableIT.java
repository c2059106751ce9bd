package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import plumb.keyspace.Key;
import plumb.ownership.Decision;
import plumb.postgres.QuarantineTable.Row;

/// The quarantine that all instances share.
@Timeout(60)
class QuarantineTableIT {
    private static final Key JOE = new Key("customer", "joe");
    private static final Key ANN = new Key("customer", "ann");
    private static final Decision FIXED = new Decision("by hand on a", "fixed in 1.2");

    private static PlumbDatabase database;
    private static QuarantineTable table;

    @BeforeAll
    static void migrate() throws SQLException {
        database = PlumbDatabase.migrated("quarantine");
        table = new QuarantineTable(database.patientConnections());
    }

    @AfterAll
    static void disconnect() throws SQLException {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        database.execute("truncate plumb.quarantine, plumb.decision");
    }

    private static Row only() {
        assertThat(table.all()).hasSize(1);
        return table.all().getFirst();
    }

    @Test
    void aKeyThatFailsIsShutOutOnce() {
        table.shutOut(JOE, "java.lang.IllegalStateException at X", "a");
        table.shutOut(JOE, "something later", "b");

        assertThat(only().isShut()).isTrue();
        assertThat(only().key()).isEqualTo(JOE);
        assertThat(only().cause()).isEqualTo("failing");
        assertThat(only().detail()).isEqualTo("java.lang.IllegalStateException at X");
        assertThat(only().by()).isEqualTo("a");
    }

    /// Others were in flight as well: once may be chance.
    @Test
    void oneCrashIsASuspicionAndTheSecondShutsOut() {
        table.crashed(List.of(JOE, ANN), "a");
        assertThat(table.all()).hasSize(2).noneMatch(Row::isShut).allMatch(row -> row.crashes() == 1);

        table.crashed(List.of(JOE), "b");

        assertThat(table.all()).extracting(Row::isShut).containsExactly(true, false);
        assertThat(table.all().getFirst().key()).isEqualTo(JOE);
        assertThat(table.all().getFirst().cause()).isEqualTo("crashing");
        assertThat(table.all().getFirst().detail()).contains("2 instances").endsWith("b");
    }

    @Test
    void twoMarksOfOneCrashAreOneCrash() {
        table.crashed(List.of(JOE, JOE), "a");

        assertThat(only().crashes()).isEqualTo(1);
    }

    @Test
    void anOldCrashCountsNoMoreAndIsForgotten() throws SQLException {
        table.crashed(List.of(JOE), "a");
        database.execute("update plumb.quarantine set last_crash = last_crash - interval '25 hours'");

        table.crashed(List.of(JOE), "a");
        assertThat(only().crashes()).isEqualTo(1);
        assertThat(only().isShut()).isFalse();
        assertThat(table.forget()).isZero();

        database.execute("update plumb.quarantine set last_crash = last_crash - interval '25 hours'");
        assertThat(table.forget()).isEqualTo(1);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void aSuspectIsClearedAndWhoIsShutOutIsNot() {
        table.crashed(List.of(JOE), "a");
        table.shutOut(ANN, "x", "a");

        table.clear(JOE);
        table.clear(ANN);

        assertThat(only().key()).isEqualTo(ANN);
    }

    @Test
    void aReleaseIsADecisionWithAReasonAndForgetsTheCrashes() throws SQLException {
        table.crashed(List.of(JOE), "a");
        table.crashed(List.of(JOE), "a");

        assertThat(table.release(ANN, FIXED)).isFalse();
        assertThat(database.query("select 1 from plumb.decision")).isEmpty();
        assertThat(table.release(JOE, FIXED)).isTrue();

        assertThat(table.all()).isEmpty();
        assertThat(database.query(
                        "select made_by || '|' || kind || '|' || detail || '|' || reason from plumb.decision"))
                .containsExactly("by hand on a|release|customer/joe|fixed in 1.2");
        table.crashed(List.of(JOE), "a");
        assertThat(only().isShut()).as("it begins anew").isFalse();
    }

    /// A whole cluster that died starts again at once.
    @Test
    void instancesThatTellAtOnceCountAllOfThem() throws Exception {
        var keys = new ArrayList<Key>();
        for (int i = 0; i < 50; i++) keys.add(new Key("customer", "key" + i));
        try (var threads = Executors.newFixedThreadPool(4)) {
            var telling = new ArrayList<Callable<Object>>();
            for (int instance = 0; instance < 4; instance++) {
                String name = "i" + instance;
                List<Key> theirs = instance % 2 == 0 ? keys : keys.reversed();
                telling.add(() -> {
                    table.crashed(theirs, name);
                    return name;
                });
            }
            for (Future<Object> told : threads.invokeAll(telling)) told.get();
        }

        assertThat(table.all()).hasSize(50).allMatch(row -> row.crashes() == 4 && row.isShut());
    }
}
