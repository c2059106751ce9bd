package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Overloaded;
import plumb.WriteFailed;
import plumb.commit.CommitResult;
import plumb.commit.CommitResult.Ambiguous;
import plumb.commit.CommitResult.Outcome;

/// What becomes of a turn whose unit was not simply committed.
class FailedTurnTest extends DispatchFixture {
    private static final CommitResult FAILED = new CommitResult.Failed("23505", "twice");

    /// Refuses what has a bad line in it, as a constraint would.
    private void refusingBadLines() {
        committer.always(unit -> ScriptedCommitter.texts(unit).contains("bad") ? FAILED : new CommitResult.Committed());
    }

    private static void unknown(CompletableFuture<?> reply) throws Exception {
        refused(reply, OutcomeUnknown.class);
    }

    @Test
    void badDataFailsOnlyTheRequestThatBroughtIt() throws Exception {
        Gate gate = busy("a");
        refusingBadLines();
        var first = write("a", "1");
        var bad = write("a", "bad");
        var read = read("a");
        var last = write("a", "2");
        gate.open();

        assertThat(value(first)).containsExactly("1");
        assertThat(failure(bad))
                .isInstanceOfSatisfying(
                        WriteFailed.class,
                        failed -> assertThat(failed.sqlState()).isEqualTo("23505"));
        assertThat(value(read)).containsExactly("1");
        assertThat(value(last)).containsExactly("1", "2");
        assertThat(committer.units().stream().map(ScriptedCommitter::texts))
                .containsExactly(List.of("1", "bad", "2"), List.of("1"), List.of("bad"), List.of("2"));
    }

    @Test
    void theRequestsOfAFailedUnitHaveATurnEachAndThenTurnsAreSharedAgain() throws Exception {
        Gate gate = busy("a");
        IntStream.range(0, 3).forEach(i -> write("a", "first" + i));
        gate.open();
        var failing = committer.next();
        var replies =
                IntStream.range(0, 3).mapToObj(i -> write("a", "later" + i)).toList();
        failing.answer(FAILED);

        for (int i = 0; i < 3; i++) {
            var alone = committer.next();
            assertThat(alone.texts()).containsExactly("first" + i);
            alone.commit();
        }
        var shared = committer.next();
        assertThat(shared.texts()).containsExactly("later0", "later1", "later2");
        shared.commit();
        assertThat(value(replies.getLast())).hasSize(6);
        assertThat(pads.loads).hasValue(2); // the first, and one reload: a turn alone that commits keeps its state
    }

    @Test
    void badDataAfterWhichARequestThrewFailsEachForItsOwnReason() throws Exception {
        Gate gate = busy("a");
        refusingBadLines();
        var bad = write("a", "bad");
        var buggy = call("a", pad -> {
            throw new IllegalArgumentException("bug");
        });
        gate.open();

        refused(bad, WriteFailed.class);
        assertThat(failure(buggy)).hasMessage("bug");
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void aRefusedUnitMeansNotOwnerAndTheEndOfTheRangeHere() throws Exception {
        value(read("b"));
        var written = write("a", "1");
        var submission = committer.next();
        var queued = read("a");

        submission.answer(new CommitResult.Refused());

        refused(written, NotOwner.class);
        refused(queued, NotOwner.class);
        refused(read("a"), NotOwner.class);
        refused(read("b"), NotOwner.class);

        granted(tenure(6));
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void whatTheDatabaseCouldNotTakeIsRefusedAndTheStateLoadedAnew() throws Exception {
        Gate gate = busy("a");
        var written = write("a", "1");
        var read = read("a");
        gate.open();
        var submission = committer.next();
        var later = read("a");

        submission.answer(new CommitResult.NotApplied("no connection"));

        for (var reply : List.of(written, read))
            assertThat(failure(reply))
                    .isInstanceOfSatisfying(
                            Overloaded.class,
                            refusal -> assertThat(refusal.scope()).isEqualTo(Overloaded.Scope.INSTANCE));
        assertThat(value(later)).isEmpty();
        assertThat(pads.loads).hasValue(2);
    }

    @Test
    void anAmbiguousCommitThatWasAppliedIsAnswered() throws Exception {
        var written = write("a", "1");
        var submission = committer.next();
        var queued = read("a");

        submission.answer(new Ambiguous(Outcome.APPLIED));

        assertThat(value(written)).containsExactly("1");
        refused(queued, NotOwner.class); // the tenure is over all the same
        refused(read("a"), NotOwner.class);
    }

    @Test
    void anAmbiguousCommitThatWasNotAppliedIsNotOwner() throws Exception {
        var written = write("a", "1");

        committer.next().answer(new Ambiguous(Outcome.NOT_APPLIED));

        refused(written, NotOwner.class);
        refused(read("a"), NotOwner.class);
    }

    @Test
    void anAmbiguousCommitThatNobodyCanSettleIsUnknown() throws Exception {
        var written = write("a", "1");

        committer.next().answer(new Ambiguous(Outcome.UNKNOWN));

        unknown(written);
        refused(read("a"), NotOwner.class);
    }

    /// An answer that says "not applied" would be a lie: the client would send the order again.
    @Test
    void aCommitterThatBreaksDownLeavesTheOutcomeUnknown() throws Exception {
        Gate gate = busy("a");
        var written = write("a", "1");
        var buggy = call("a", pad -> {
            throw new IllegalArgumentException("bug");
        });
        gate.open();
        var submission = committer.next();
        var queued = read("a");

        submission.breakDown(new IllegalStateException("a bug of the lane"));

        unknown(written);
        unknown(buggy);
        refused(queued, NotOwner.class);
        refused(read("a"), NotOwner.class);
    }

    @Test
    void aFaultOfTheEngineFailsWhoIsInsideAndTheKeyServesOn() throws Exception {
        Gate gate = busy("a");
        var faulty = write("a", "1");
        var behind = read("a");
        var broken = new IllegalStateException("a bug of the clock");
        clockFault.set(broken);
        gate.open();

        assertThat(failure(faulty)).isSameAs(broken);
        assertThat(failure(behind)).isSameAs(broken);
        clockFault.set(null);
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void aFaultOfTheEngineAfterARequestRanLeavesItsOutcomeUnknown() throws Exception {
        Gate gate = busy("a");
        var ran = call("a", pad -> {
            clockFault.set(new IllegalStateException("a bug of the clock"));
            return pad.write("1");
        });
        var behind = read("a");
        gate.open();

        unknown(ran);
        assertThat(failure(behind)).hasMessage("a bug of the clock");
        clockFault.set(null);
        assertThat(value(read("a"))).isEmpty();
        assertThat(committer.units()).isEmpty();
    }
}
