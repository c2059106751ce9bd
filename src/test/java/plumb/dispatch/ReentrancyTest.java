package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import plumb.Rejection;

/// A handler that calls itself.
class ReentrancyTest extends DispatchFixture {
    private <R> R self(Function<Pad, R> part) {
        return call("a", part).join();
    }

    @Test
    void aCallToItselfRunsAtOnceOnTheSameStateAndInTheSameTurn() throws Exception {
        var reply = call("a", pad -> {
            pad.write("outer");
            List<String> seen = self(same -> {
                assertThat(same).isSameAs(pad);
                same.write("inner");
                return self(Pad::read);
            });
            pad.write("after");
            return seen;
        });

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("outer", "inner", "after");
        assertThat(reply).isNotDone();
        submission.commit();
        assertThat(value(reply)).containsExactly("outer", "inner");
        assertThat(committer.units()).hasSize(1);
    }

    @Test
    void fromAThreadThatWorksForTheTurnItRunsInlineToo() throws Exception {
        var reply = call("a", pad -> {
            Turn turn = Turn.current();
            return CompletableFuture.supplyAsync(() -> {
                        try {
                            return turn.where(() -> self(Pad::read));
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    })
                    .join();
        });

        assertThat(value(reply)).isEmpty();
    }

    @Test
    void aPartThatSaysNoBeforeItWritesHarmsNothing() throws Exception {
        var reply = call("a", pad -> {
            pad.write("1");
            assertThatThrownBy(() -> self(same -> {
                        throw new Rejection(409, "no", "no");
                    }))
                    .hasCauseInstanceOf(Rejection.class);
            return pad.write("2");
        });

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("1", "2");
        submission.commit();
        value(reply);
        assertThat(value(read("a"))).containsExactly("1", "2");
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void aPartThatUndoesWhatItDidHarmsNothing() throws Exception {
        var reply = call("a", pad -> {
            pad.write("1");
            assertThatThrownBy(() -> self(same -> {
                        same.writeUndoably("half done");
                        throw new IllegalArgumentException("bug");
                    }))
                    .hasRootCauseMessage("bug");
            return pad.write("2");
        });

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("1", "2");
        submission.commit();
        value(reply);
        assertThat(value(read("a"))).containsExactly("1", "2");
        assertThat(pads.loads).hasValue(1);
    }

    /// It cannot be told apart from the rest of the request any more.
    @Test
    void aPartThatFailsOtherwiseFailsTheWholeRequestEvenIfThatIgnoresIt() throws Exception {
        for (Throwable thrown : List.of(
                new IllegalArgumentException("bug"),
                new Rejection(409, "no", "after a write"),
                new StackOverflowError())) {
            var reply = call("a", pad -> {
                pad.write("outer");
                call("a", same -> {
                    same.write("inner");
                    return Thrower.sneak(thrown);
                });
                return "ignored";
            });

            assertThat(failure(reply)).isSameAs(thrown);
            assertThat(value(read("a"))).isEmpty();
        }
        assertThat(committer.units()).isEmpty();
        assertThat(pads.loads).hasValue(4);
    }

    @Test
    void theWholeRequestUndoesItsPartsToo() throws Exception {
        var reply = call("a", pad -> {
            pad.writeUndoably("outer");
            self(same -> same.writeUndoably("inner"));
            throw new IllegalArgumentException("bug");
        });

        assertThat(failure(reply)).hasMessage("bug");
        assertThat(value(read("a"))).isEmpty();
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void aLoadCannotCallItsOwnHandler() throws Exception {
        pads.beforeLoad = key -> assertThatThrownBy(() -> self(Pad::read))
                .hasRootCauseMessage("a load cannot call its own handler, there is no state yet");

        assertThat(value(read("a"))).isEmpty();
    }
}
