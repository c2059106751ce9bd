package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import plumb.commit.CommitResult;

/// Sums over what is in memory, kept up by differences.
class LiveGaugeTest extends DispatchFixture {
    private static final String LINES = "lines";

    @Test
    void everyGaugeBelongsToADomain() {
        assertThat(dispatcher.gauges()).isEqualTo(Map.of(LINES, DOMAIN, "memos", DOMAIN));
        assertThat(dispatcher.live("unheard-of")).isEmpty();
    }

    @Test
    void aKeyCountsFromItsLoadOn() throws Exception {
        committer.store("a", "one");
        committer.store("b", "two");
        assertThat(lines()).isZero();

        value(read("a"));
        assertThat(lines()).isEqualTo(1);
        value(read("b"));
        assertThat(lines()).isEqualTo(2);
    }

    @Test
    void whoHasGotHisAnswerFindsItCounted() throws Exception {
        committer.alwaysCommits();
        for (int i = 1; i <= 500; i++) {
            value(write("a", "line " + i));
            assertThat(lines()).isEqualTo(i);
        }
    }

    @Test
    void whatIsNotCommittedIsNotCounted() throws Exception {
        var written = write("a", "one");
        var submission = committer.next();
        assertThat(lines()).isZero();

        submission.commit();

        value(written);
        assertThat(lines()).isEqualTo(1);
    }

    @Test
    void whatMemoryAloneKnowsIsCountedToo() throws Exception {
        value(call("a", pad -> pad.memo = "of a"));
        value(call("b", pad -> pad.memo = "of b"));
        assertThat(sum("memos")).isEqualTo(2);

        value(call("a", pad -> pad.memo = ""));
        assertThat(sum("memos")).isEqualTo(1);
    }

    @Test
    void aTurnThatFailsLeavesNothingBehind() throws Exception {
        committer.alwaysCommits();
        value(write("a", "one"));
        assertThat(failure(call("a", pad -> {
                    pad.write("never");
                    throw new IllegalStateException("discards the state");
                })))
                .hasMessage("discards the state");

        value(read("a"));
        assertThat(lines()).isEqualTo(1);
    }

    @Test
    void whatTheDatabaseRefusesIsNotCounted() throws Exception {
        committer.always(unit -> new CommitResult.Failed("23505", "there already"));
        failure(write("a", "one"));

        value(read("a"));
        assertThat(lines()).isZero();
    }

    @Test
    void aLostRangeIsGoneAtOnceWhateverStillRuns() throws Exception {
        committer.store("a", "one");
        value(read("a"));
        Gate gate = busy("a");

        dispatcher.halt(RANGE, "lost");
        assertThat(dispatcher.live(LINES)).isEmpty();
        granted(tenure(6));
        assertThat(lines()).isZero();

        value(read("a"));
        gate.open();
        soon(() -> assertThat(dispatcher.stats().handlers()).isEqualTo(1));
        assertThat(dispatcher.live(LINES))
                .containsExactly(new LiveSum(RANGE, tenure(6).epoch(), 1, true));
    }

    /// Before anybody has told the dispatcher that the range is lost.
    @Test
    void aRangeWhoseCommitTheFenceRefusedIsNotCountedAnyMore() throws Exception {
        committer.store("a", "one");
        committer.store("b", "two");
        value(read("b"));
        committer.always(unit -> new CommitResult.Refused());

        failure(write("a", "never"));

        assertThat(dispatcher.live(LINES)).isEmpty();
    }

    @Test
    void aRangeOnItsWayIsNotSettled() throws Exception {
        committer.store("a", "one");
        value(read("a"));
        Gate gate = busy("a");

        var drained = dispatcher.drain(RANGE);
        assertThat(dispatcher.live(LINES)).containsExactly(new LiveSum(RANGE, TENURE.epoch(), 1, false));
        gate.open();
        drained.get(10, TimeUnit.SECONDS);
        assertThat(dispatcher.live(LINES)).containsExactly(new LiveSum(RANGE, TENURE.epoch(), 0, false));

        dispatcher.undrain(RANGE);
        value(read("a"));
        assertThat(dispatcher.live(LINES)).containsExactly(new LiveSum(RANGE, TENURE.epoch(), 1, true));
    }

    @Test
    void whoIsNotSureOfHisLeaseSaysNothing() throws Exception {
        committer.store("a", "one");
        value(read("a"));

        trusted.set(false);

        assertThat(dispatcher.live(LINES)).isEmpty();
    }

    @Test
    void aGaugeThatFailsDisturbsNobodyAndStaysAsItWas() throws Exception {
        value(call("a", pad -> pad.memo = "of a"));

        String answer = value(call("a", pad -> pad.memo = Pads.UNCOUNTABLE));
        assertThat(answer).isEqualTo(Pads.UNCOUNTABLE);
        assertThat(sum("memos")).isEqualTo(1);

        value(call("a", pad -> pad.memo = ""));
        assertThat(sum("memos")).isZero();
    }

    @Test
    void theSumIsRightHoweverManyKeysChangeAtOnce() throws Exception {
        committer.alwaysCommits();
        var all = new ArrayList<CompletableFuture<List<String>>>();
        for (int i = 0; i < 2_000; i++) all.add(write("key-" + i % 100, "line"));
        for (CompletableFuture<List<String>> each : all) value(each);

        assertThat(lines()).isEqualTo(2_000);
    }

    private long lines() {
        return sum(LINES);
    }

    private long sum(String gauge) {
        return dispatcher.live(gauge).stream().mapToLong(LiveSum::value).sum();
    }
}
