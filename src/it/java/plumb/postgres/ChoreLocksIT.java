package plumb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChoreLocksIT {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static PlumbDatabase database;

    private ChoreLocks one;
    private ChoreLocks another;

    @BeforeAll
    static void start() throws Exception {
        database = PlumbDatabase.migrated("chore_locks");
    }

    @AfterAll
    static void end() throws Exception {
        database.close();
    }

    @BeforeEach
    void twoInstances() throws Exception {
        database.execute("delete from plumb.shedlock");
        one = new ChoreLocks(database.connections(), "one");
        another = new ChoreLocks(database.connections(), "another");
    }

    /// An hour ahead, like the clock of an instance that nobody sets: it does not count.
    private static LockConfiguration chore(Duration atLeast) {
        return new LockConfiguration(Instant.now().plusSeconds(3_600), "chore", MINUTE, atLeast);
    }

    @Test
    void oneHasItUntilItIsDone() {
        SimpleLock held = one.lock(chore(Duration.ZERO)).orElseThrow();
        assertThat(another.lock(chore(Duration.ZERO))).isEmpty();
        held.unlock();
        assertThat(another.lock(chore(Duration.ZERO))).isPresent();
    }

    @Test
    void andAtLeastForAsLongAsItIsNotToBeDoneAgain() throws Exception {
        one.lock(chore(MINUTE)).orElseThrow().unlock();
        assertThat(another.lock(chore(MINUTE))).isEmpty();

        database.execute("update plumb.shedlock set lock_until = clock_timestamp()");
        assertThat(another.lock(chore(MINUTE))).isPresent();
    }

    @Test
    void whoWasTooSlowDoesNotReleaseTheNextOnes() throws Exception {
        SimpleLock slow = one.lock(chore(Duration.ZERO)).orElseThrow();
        database.execute("update plumb.shedlock set lock_until = clock_timestamp()");
        another.lock(chore(Duration.ZERO)).orElseThrow();
        slow.unlock();
        assertThat(one.lock(chore(Duration.ZERO))).isEmpty();
    }

    @Test
    void whatWasLockedBeforeTheDatabasesClockJumpedBackIsFree() throws Exception {
        one.lock(chore(MINUTE)).orElseThrow();
        database.execute("update plumb.shedlock set locked_at = locked_at + interval '1 hour',"
                + " lock_until = lock_until + interval '1 hour'");
        assertThat(another.lock(chore(MINUTE))).isPresent();
    }
}
