package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import plumb.NotOwner;
import plumb.Rejection;
import plumb.dispatch.DispatchStats.Event;

/// What one turn runs, commits and answers. Answers leave on the handler's own thread here, so that one that leaves too
/// early is seen for sure.
class TurnTest extends DispatchFixture {
    @Override
    Executor replies() {
        return Runnable::run;
    }

    private static Rejection no() {
        return new Rejection(409, "no", "no");
    }

    @Test
    void takesAllThatWaitsInOrderIntoOneUnit() throws Exception {
        Gate gate = busy("a");
        var replies = List.of(write("a", "1"), write("a", "2"), read("a"), write("a", "3"));
        gate.open();

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("1", "2", "3");
        assertThat(submission.unit.tenure()).isEqualTo(TENURE);
        submission.commit();

        assertThat(value(replies.get(0))).containsExactly("1");
        assertThat(value(replies.get(2))).containsExactly("1", "2");
        assertThat(value(replies.get(3))).containsExactly("1", "2", "3");
        assertThat(committer.units()).hasSize(1);
    }

    @Test
    void whatIsUrgentPassesAllThatWaitsEvenWhatTheTurnWouldHaveTaken() throws Exception {
        Gate gate = busy("a");
        var cancelling = new Gate();
        var first = call("a", pad -> {
            cancelling.pass();
            return pad.write("first");
        });
        var last = write("a", "last");
        gate.open();
        cancelling.awaitHeld(); // the turn runs already
        var urgent = dispatcher.call(key("a"), Rank.URGENT, LATE, (Pad pad) -> pad.write("urgent"));
        cancelling.open();

        committer.next().commit();
        value(first);
        value(urgent);
        assertThat(value(last)).containsExactly("first", "urgent", "last");
    }

    @Test
    void aTurnThatTakesLongTakesNoMore() throws Exception {
        Gate gate = busy("a");
        var slow = call("a", pad -> {
            nowNanos.addAndGet(settings().turnTime().toNanos());
            return pad.write("1");
        });
        var behind = write("a", "2");
        gate.open();

        var first = committer.next();
        assertThat(first.texts()).containsExactly("1");
        first.commit();
        value(slow);
        committer.next().commit();
        value(behind);
    }

    /// A read may show what an uncommitted write of the same turn did, so it waits, too.
    @Test
    void noAnswerLeavesBeforeTheCommit() throws Exception {
        Gate gate = busy("a");
        List<CompletableFuture<?>> replies = List.of(read("a"), write("a", "1"), read("a"), call("a", pad -> {
            throw no();
        }));
        gate.open();

        var submission = committer.next();
        assertThat(replies).noneMatch(CompletableFuture::isDone);

        submission.commit();
        assertThat(value(replies.get(1))).isEqualTo(List.of("1"));
        assertThat(failure(replies.get(3))).isInstanceOf(Rejection.class);
    }

    @Test
    void requestsThatComeDuringTheCommitAreTheNextTurns() throws Exception {
        var first = write("a", "1");
        var submission = committer.next();
        var second = write("a", "2");
        submission.commit();

        value(first);
        var next = committer.next();
        assertThat(next.texts()).containsExactly("2");
        next.commit();
        assertThat(value(second)).containsExactly("1", "2");
    }

    @Test
    void updateCountsAreReadableInTheAnswerAndNotBeforeTheCommit() throws Exception {
        var reply = call("a", pad -> {
            var written = pad.write("1");
            assertThatThrownBy(written::count).isInstanceOf(IllegalStateException.class);
            return written;
        });

        committer.next().commit();

        assertThat(value(reply).count()).isEqualTo(1);
    }

    @Test
    void aReadOnlyTurnCommitsNothing() throws Exception {
        assertThat(value(read("a"))).isEmpty();

        assertThat(committer.units()).isEmpty();
    }

    @Test
    void aRequestMayAnswerNull() throws Exception {
        CompletableFuture<Object> nothing = call("a", pad -> null);

        assertThat(nothing.get()).isNull();
    }

    @Test
    void aRejectionBeforeAWriteKeepsTheStateAndTheTurnGoesOn() throws Exception {
        Gate gate = busy("a");
        var before = write("a", "1");
        var rejected = call("a", pad -> {
            throw no();
        });
        var after = write("a", "2");
        gate.open();

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("1", "2");
        submission.commit();

        value(before);
        refused(rejected, Rejection.class);
        assertThat(value(after)).containsExactly("1", "2");
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void aRejectionAfterAWriteDiscardsTheState() throws Exception {
        assertThatTheRestSurvives(no());
    }

    @Test
    void anyOtherExceptionDiscardsTheState() throws Exception {
        assertThatTheRestSurvives(new IllegalArgumentException("bug"));
    }

    @Test
    void anErrorDiscardsTheState() throws Exception {
        assertThatTheRestSurvives(new StackOverflowError());
    }

    private void assertThatTheRestSurvives(Throwable thrown) throws Exception {
        Gate gate = busy("a");
        var before = write("a", "before");
        var bad = call("a", pad -> {
            pad.write("bad");
            return Thrower.sneak(thrown);
        });
        var after = write("a", "after");
        gate.open();

        var first = committer.next();
        assertThat(first.texts()).containsExactly("before");
        assertThat(List.of(before, bad, after)).noneMatch(CompletableFuture::isDone);
        first.commit();

        assertThat(value(before)).containsExactly("before");
        assertThat(failure(bad)).isSameAs(thrown);
        var second = committer.next();
        assertThat(second.texts()).containsExactly("after");
        second.commit();
        assertThat(value(after)).containsExactly("before", "after");
        assertThat(pads.loads).hasValue(2);
        assertThat(pads.discarded).containsExactly("a");
        assertThat(dispatcher.stats().count(Event.DISCARDED)).isEqualTo(1);
    }

    @Test
    void anExceptionWithoutAWriteDiscardsTheStateToo() throws Exception {
        var bad = call("a", pad -> {
            pad.lines.add("half done");
            throw new IllegalArgumentException("bug");
        });

        assertThat(failure(bad)).hasMessage("bug");
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void aReadWhoseTrustEndsWhileItComputesIsNotAnswered() throws Exception {
        Gate gate = busy("a");
        var read = read("a");
        var rejected = call("a", pad -> {
            trusted.set(false);
            throw no(); // from memory, as any other answer
        });
        gate.open();

        refused(read, NotOwner.class);
        refused(rejected, NotOwner.class);

        trusted.set(true);
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void anAnswerThatPassedTheFenceNeedsNoTrust() throws Exception {
        Gate gate = busy("a");
        var read = read("a");
        var written = write("a", "1");
        trusted.set(false);
        gate.open();

        committer.next().commit();

        assertThat(value(written)).containsExactly("1");
        assertThat(value(read)).isEmpty();
    }

    @Test
    void outsideATurnNothingCanBeWrittenAndNoTurnIsBound() throws Exception {
        var written = call("a", pad -> pad);
        Pad leaked = value(written);

        assertThat(Turn.isBound()).isFalse();
        assertThatThrownBy(() -> leaked.write("outside")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(Turn::current).isInstanceOf(IllegalStateException.class);
        boolean bound = value(call("a", pad -> Turn.isBound()));
        assertThat(bound).isTrue();
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void anotherThreadCannotWriteIntoTheTurn() throws Exception {
        var reply = call("a", pad -> {
            Turn turn = Turn.current();
            var elsewhere = CompletableFuture.supplyAsync(() -> {
                try {
                    return turn.where(() -> pad.write("elsewhere"));
                } catch (Exception e) {
                    return e;
                }
            });
            return elsewhere.join();
        });

        assertThat(value(reply)).isInstanceOf(IllegalStateException.class);
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void aRequestFindsItsDeadline() throws Exception {
        var deadline = call("a", pad -> Turn.current().deadline());

        assertThat(value(deadline)).isEqualTo(LATE);
    }
}
