package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import plumb.CallCycle;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Quarantined;
import plumb.Rejection;
import plumb.WriteFailed;
import plumb.commit.CommitResult;
import plumb.dispatch.DispatchStats.Event;
import plumb.keyspace.Key;

/// Who is shut out, and who never is.
class QuarantineTest extends DispatchFixture {
    private static final int FAILURES = 5;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final List<String> shutOut = new ArrayList<>();
    private final List<Key> cleared = new ArrayList<>();

    @Override
    Quarantine quarantine() {
        return new Quarantine(
                new QuarantineSettings(FAILURES, WINDOW),
                SQLException.class::isInstance,
                (key, detail) -> shutOut.add(key + " " + detail),
                key -> cleared.add(key));
    }

    private CompletableFuture<?> fail(String key, Throwable with) {
        return call(key, pad -> Thrower.sneak(with));
    }

    private void failOften(String key, int times) throws Exception {
        for (int i = 0; i < times; i++) failure(fail(key, new IllegalStateException("Joe Miller")));
    }

    @Test
    void aKeyThatKeepsFailingIsShutOutAndNobodyElse() throws Exception {
        failOften("a", FAILURES);

        refused(read("a"), Quarantined.class);
        assertThat(value(read("b"))).isEmpty();
        assertThat(shutOut).hasSize(1);
        assertThat(shutOut.getFirst())
                .startsWith("pad/a java.lang.IllegalStateException at plumb.dispatch")
                .doesNotContain("Joe Miller");
        assertThat(dispatcher.stats().count(Event.QUARANTINED)).isEqualTo(1);
        soon(() -> assertThat(dispatcher.stats().handlers()).isEqualTo(1));
    }

    @Test
    void whoWaitsWhenItIsShutOutIsToldToo() throws Exception {
        Gate gate = busy("a");
        var replies = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < FAILURES; i++) replies.add(fail("a", new IllegalStateException("bug")));
        var behind = write("a", "never");
        gate.open();

        refused(behind, Quarantined.class);
        for (var reply : replies) assertThat(failure(reply)).hasMessage("bug");
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void aLoadThatKeepsFailingShutsItsKeyOutAsWell() throws Exception {
        pads.beforeLoad = key -> {
            throw new NullPointerException("what is stored makes no sense");
        };
        for (int i = 0; i < FAILURES; i++) {
            failure(read("a"));
            nowNanos.addAndGet(FailedLoads.LONGEST.toNanos());
        }

        refused(read("a"), Quarantined.class);
    }

    @Test
    void oneRequestThatWorksInBetweenShowsThatTheKeyIsNotToBlame() throws Exception {
        for (int i = 0; i < 3; i++) {
            failOften("a", FAILURES - 1);
            value(read("a"));
            failOften("b", FAILURES - 1);
            refused(fail("b", new Rejection(409, "no", "no")), Rejection.class);
        }

        assertThat(shutOut).isEmpty();
    }

    @Test
    void aTickThatWorksShowsNothing() throws Exception {
        failOften("a", FAILURES - 1);
        value(dispatcher.call(key("a"), Rank.TICK, LATE, Pad::read));
        failOften("a", 1);

        assertThat(shutOut).hasSize(1);
    }

    @Test
    void failuresThatAreFarApartDoNotCount() throws Exception {
        for (int i = 0; i < 4 * FAILURES; i++) {
            failOften("a", 1);
            nowNanos.addAndGet(WINDOW.toNanos() / (FAILURES - 2));
            dispatcher.sweep();
        }

        assertThat(shutOut).isEmpty();
    }

    /// Rejected business requests, and what the plumbing, the database or the network has to say, in whatever it is
    /// wrapped.
    @Test
    void whatIsNoFaultOfTheKeyNeverShutsItOut() throws Exception {
        var blameless = List.of(
                new Rejection(409, "no", "after a write"),
                new NotOwner("another handler's"),
                new OutcomeUnknown("of another handler"),
                new WriteFailed("23505", "twice"),
                new CallCycle("cycle"),
                new SQLException("the database is away", "08006"),
                new IllegalStateException("wrapped", new CompletionException(new SQLException("down", "57P01"))),
                new IOException("the kitchen's printer is away"),
                new CompletionException(new NotOwner("elsewhere")));
        for (Throwable each : blameless)
            for (int i = 0; i < 2 * FAILURES; i++)
                failure(call("a", pad -> {
                    pad.write("half done");
                    return Thrower.sneak(each);
                }));

        assertThat(shutOut).isEmpty();
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayShutsNobodyOut() throws Exception {
        pads.beforeLoad = key -> Thrower.sneak(new SQLException("the database is away", "08001"));
        for (int i = 0; i < 3 * FAILURES; i++) {
            failure(read("a"));
            nowNanos.addAndGet(FailedLoads.LONGEST.toNanos());
        }
        pads.beforeLoad = key -> {};
        for (CommitResult result :
                List.of(new CommitResult.NotApplied("away"), new CommitResult.Failed("40001", "again"))) {
            committer.always(unit -> result);
            for (int i = 0; i < 3 * FAILURES; i++) failure(write("b", "x"));
        }

        assertThat(shutOut).isEmpty();
    }

    @Test
    void aRequestThatWasUndoneCostsNothingAndCountsNot() throws Exception {
        for (int i = 0; i < 2 * FAILURES; i++)
            failure(call("a", pad -> {
                pad.writeUndoably("half done");
                throw new IllegalStateException("bug");
            }));

        assertThat(shutOut).isEmpty();
    }

    /// A broken release fails for everybody. To shut all of them out would be worse than the release.
    @Test
    void whenManyKeysFailItIsNotForTheCustomers() throws Exception {
        for (int i = 0; i < 3 * Quarantine.MOST_SHUT; i++) failOften("key" + i, FAILURES);

        assertThat(shutOut).hasSize(Quarantine.MOST_SHUT);
        nowNanos.addAndGet(WINDOW.multipliedBy(11).toNanos());
        failOften("later", FAILURES);
        assertThat(shutOut).hasSize(Quarantine.MOST_SHUT + 1);
    }

    @Test
    void whatOthersKnowHoldsHereAndSoDoesTheirRelease() throws Exception {
        committer.alwaysCommits();
        value(write("a", "1"));

        quarantined.know(Map.of(key("a"), "it brought instances down"), List.of());
        assertThat(failure(read("a")))
                .isInstanceOf(Quarantined.class)
                .hasMessageContaining("pad/a")
                .hasMessageContaining("brought instances down");
        quarantined.know(Map.of(), List.of());

        assertThat(value(read("a"))).containsExactly("1");
        failOften("a", FAILURES - 1);
        assertThat(value(read("a"))).as("it begins anew").containsExactly("1");
    }

    @Test
    void aSuspectIsClearedByManyRequestsThatWork() throws Exception {
        quarantined.know(Map.of(), List.of(key("a"), key("b")));
        for (int i = 0; i < Quarantine.CLEARED_BY - 1; i++) value(read("a"));
        quarantined.know(Map.of(), List.of(key("a"), key("b"))); // read again meanwhile
        assertThat(cleared).isEmpty();

        value(read("a"));

        assertThat(cleared).containsExactly(key("a"));
        assertThat(quarantined.suspected()).isEqualTo(1);
    }
}
