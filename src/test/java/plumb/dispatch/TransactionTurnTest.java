package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Overloaded;
import plumb.Rejection;
import plumb.WriteFailed;
import plumb.commit.CommitResult;

/// Requests that begin a transaction of the container. Answers leave on the handler's own thread here.
class TransactionTurnTest extends DispatchFixture {
    private final AtomicInteger begun = new AtomicInteger();

    @Override
    Executor replies() {
        return Runnable::run;
    }

    /// Stands for the container: the pad's line is durable when this returns.
    private List<String> transaction(Pad pad, String text) {
        Turn.current().beginTransaction();
        begun.incrementAndGet();
        committer.store("a", text);
        pad.lines.add(text);
        return pad.read();
    }

    @Test
    void whatIsPendingIsCommittedAndAnsweredBeforeTheTransactionBegins() throws Exception {
        Gate gate = busy("a");
        var before = write("a", "1");
        var transactional = call("a", pad -> transaction(pad, "2"));
        var after = write("a", "3");
        gate.open();

        var first = committer.next();
        assertThat(first.texts()).containsExactly("1");
        assertThat(begun).hasValue(0);
        assertThat(before).isNotDone();
        first.commit();

        assertThat(value(before)).containsExactly("1");
        assertThat(value(transactional)).containsExactly("1", "2");
        var second = committer.next(); // the transaction was a turn of its own
        assertThat(second.texts()).containsExactly("3");
        second.commit();
        assertThat(value(after)).containsExactly("1", "2", "3");
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void earlierReadsAreAnsweredBeforeTheTransactionBegins() throws Exception {
        Gate gate = busy("a");
        var read = read("a");
        var transactional = call("a", pad -> {
            Turn.current().beginTransaction();
            return read.isDone();
        });
        gate.open();

        assertThat(value(transactional)).isTrue();
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void anEarlierReadWithoutTrustDoesNotHarmTheTransaction() throws Exception {
        Gate gate = busy("a");
        var read = read("a");
        var transactional = call("a", pad -> {
            trusted.set(false);
            return transaction(pad, "1");
        });
        gate.open();

        refused(read, NotOwner.class);
        assertThat(value(transactional)).containsExactly("1"); // it took the fence itself
    }

    @Test
    void noTransactionBeginsAfterAWriteOfTheSameRequest() throws Exception {
        var reply = call("a", pad -> {
            pad.write("1");
            return transaction(pad, "2");
        });

        assertThat(failure(reply)).isInstanceOf(IllegalStateException.class).hasMessageContaining("Writes.add");
        assertThat(begun).hasValue(0);
        assertThat(committer.units()).isEmpty();
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void onlyTheKeysThreadBeginsATransaction() throws Exception {
        Gate gate = busy("a");
        write("a", "1");
        var reply = call("a", pad -> {
            Turn turn = Turn.current();
            CompletableFuture.runAsync(
                            () -> assertThatThrownBy(turn::beginTransaction).isInstanceOf(IllegalStateException.class))
                    .join();
            return "refused";
        });
        gate.open();

        committer.next().commit();
        assertThat(value(reply)).isEqualTo("refused");
    }

    @Test
    void anExceptionAfterATransactionDiscardsTheStateEvenARejection() throws Exception {
        var reply = call("a", pad -> {
            transaction(pad, "1");
            throw new Rejection(409, "no", "no");
        });

        refused(reply, Rejection.class);
        value(read("a"));
        assertThat(pads.loads).hasValue(2);
    }

    @Test
    void aFailedTransactionDiscardsTheStateEvenIfTheRequestSwallowsIt() throws Exception {
        var reply = call("a", pad -> {
            Turn.current().beginTransaction();
            pad.lines.add("never committed");
            Turn.current().transactionFailed();
            return "swallowed";
        });

        assertThat(value(reply)).isEqualTo("swallowed");
        assertThat(value(read("a"))).isEmpty();
    }

    @Test
    void whenBadDataWasPendingTheRequestRunsAgainAfterIt() throws Exception {
        Gate gate = busy("a");
        var good = write("a", "1");
        var bad = write("a", "bad");
        var runs = new AtomicInteger();
        var transactional = call("a", pad -> {
            runs.incrementAndGet();
            return transaction(pad, "2");
        });
        gate.open();

        committer.next().answer(new CommitResult.Failed("23505", "twice"));
        committer.next().commit();
        committer.next().answer(new CommitResult.Failed("23505", "twice"));

        assertThat(value(good)).containsExactly("1");
        refused(bad, WriteFailed.class);
        assertThat(value(transactional)).containsExactly("1", "2");
        assertThat(runs).hasValue(2);
        assertThat(begun).hasValue(1);
    }

    @Test
    void whenWhatIsPendingCannotBeAppliedTheRequestRunsAgain() throws Exception {
        Gate gate = busy("a");
        var earlier = write("a", "1");
        var transactional = call("a", pad -> transaction(pad, "2"));
        gate.open();

        committer.next().answer(new CommitResult.NotApplied("no connection"));

        refused(earlier, Overloaded.class);
        assertThat(value(transactional)).containsExactly("2");
        assertThat(begun).hasValue(1);
    }

    @Test
    void whenWhatIsPendingIsRefusedNoTransactionBegins() throws Exception {
        Gate gate = busy("a");
        var earlier = write("a", "1");
        var transactional = call("a", pad -> transaction(pad, "2"));
        gate.open();

        committer.next().answer(new CommitResult.Refused());

        refused(earlier, NotOwner.class);
        refused(transactional, NotOwner.class);
        assertThat(begun).hasValue(0);
    }

    /// A request that swallows the engine's exception must neither be answered, nor write, nor begin another
    /// transaction: all of it will run again.
    @Test
    void swallowingTheFailureOfWhatWasPendingChangesNothing() throws Exception {
        Gate gate = busy("a");
        write("a", "1");
        var runs = new AtomicInteger();
        var transactional = call("a", pad -> {
            if (runs.incrementAndGet() == 1) {
                assertThatThrownBy(() -> transaction(pad, "2")).isInstanceOf(RuntimeException.class);
                assertThatThrownBy(() -> transaction(pad, "2")).isInstanceOf(RuntimeException.class);
                pad.write("stray");
                return List.of("swallowed");
            }
            return transaction(pad, "2");
        });
        gate.open();

        committer.next().answer(new CommitResult.NotApplied("no connection"));

        assertThat(value(transactional)).containsExactly("2");
        assertThat(begun).hasValue(1);
        assertThat(committer.units()).hasSize(1);
    }

    @Test
    void aBreakdownOfTheCommitBeforeATransactionNeverAnswersTheEarlierWrites() throws Exception {
        Gate gate = busy("a");
        var earlier = write("a", "1");
        var transactional = call("a", pad -> transaction(pad, "2"));
        gate.open();

        committer.next().breakDown(new IllegalStateException("a bug of the lane"));

        refused(earlier, OutcomeUnknown.class);
        refused(transactional, NotOwner.class);
        assertThat(begun).hasValue(0);
    }

    /// "Not applied" would be half the truth.
    @Test
    void writesAfterATransactionThatAreNotCommittedLeaveTheOutcomeUnknown() throws Exception {
        for (CommitResult result :
                List.of(new CommitResult.NotApplied("no"), new CommitResult.Failed("23505", "twice"))) {
            var reply = call("a", pad -> {
                transaction(pad, "1");
                return pad.write("2");
            });

            committer.next().answer(result);

            refused(reply, OutcomeUnknown.class);
        }
    }

    @Test
    void aTransactionThatCommittedIsAnsweredEvenIfTheRangeIsLostMeanwhile() throws Exception {
        var reply = call("a", pad -> {
            var lines = transaction(pad, "1");
            dispatcher.halt(RANGE, "lost");
            return lines;
        });

        assertThat(value(reply)).containsExactly("1");
    }
}
