package plumb.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plumb.Rejection;
import plumb.WriteFailed;
import plumb.commit.CommitResult;

/// Requests that take back what they did, and when they may not.
class UndoTest extends DispatchFixture {
    private static final CommitResult FAILED = new CommitResult.Failed("23505", "twice");

    @Test
    void aRequestThatFailsIsUndoneAndTheStateIsKept() throws Exception {
        for (RuntimeException thrown :
                List.of(new IllegalArgumentException("bug"), new Rejection(409, "no", "after a write"))) {
            var reply = call("a", pad -> {
                pad.writeUndoably("half done");
                throw thrown;
            });

            assertThat(failure(reply)).isSameAs(thrown);
        }
        assertThat(value(read("a"))).isEmpty();
        assertThat(committer.units()).isEmpty();
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void theTurnGoesOnAndTheOthersOfItAreCommittedTogether() throws Exception {
        Gate gate = busy("a");
        var before = write("a", "1");
        var undone = call("a", pad -> {
            pad.writeUndoably("half done");
            throw new IllegalArgumentException("bug");
        });
        var after = write("a", "2");
        gate.open();

        var submission = committer.next();
        assertThat(submission.texts()).containsExactly("1", "2");
        submission.commit();
        value(before);
        assertThat(failure(undone)).hasMessage("bug");
        assertThat(value(after)).containsExactly("1", "2");
    }

    @Test
    void theLastChangeIsTakenBackFirst() throws Exception {
        var order = new ArrayList<String>();
        failure(call("a", pad -> {
            Turn.undo().with(() -> order.add("first"));
            Turn.undo().with(() -> order.add("second"));
            throw new IllegalArgumentException("bug");
        }));

        assertThat(order).containsExactly("second", "first");
    }

    @Test
    void aRequestThatSucceedsIsNotUndoneEvenIfALaterOneFails() throws Exception {
        Gate gate = busy("a");
        var good = call("a", pad -> pad.writeUndoably("good"));
        var bad = call("a", pad -> {
            pad.writeUndoably("bad");
            throw new IllegalArgumentException("bug");
        });
        gate.open();

        committer.next().commit();
        value(good);
        failure(bad);
        assertThat(value(read("a"))).containsExactly("good");
        assertThat(pads.loads).hasValue(1);
    }

    @Test
    void anErrorDropsTheStateWhateverCouldBeUndone() throws Exception {
        var reply = call("a", pad -> {
            pad.writeUndoably("half done");
            return Thrower.sneak(new StackOverflowError());
        });

        assertThat(failure(reply)).isInstanceOf(StackOverflowError.class);
        dropped();
    }

    @Test
    void aCompensationThatFailsDropsTheState() throws Exception {
        var reply = call("a", pad -> {
            pad.lines.add("half done");
            Turn.undo().with(() -> {
                throw new IllegalStateException("cannot");
            });
            throw new IllegalArgumentException("bug");
        });

        assertThat(failure(reply)).hasMessage("bug");
        dropped();
    }

    @Test
    void aRequestWithATransactionIsNotUndone() throws Exception {
        var reply = call("a", pad -> {
            Turn.current().beginTransaction();
            committer.store("a", "committed");
            pad.lines.add("committed");
            Turn.undo().with(pad.lines::removeLast);
            throw new IllegalArgumentException("bug");
        });

        assertThat(failure(reply)).hasMessage("bug");
        assertThat(value(read("a"))).containsExactly("committed");
        assertThat(pads.loads).hasValue(2);
    }

    @Test
    void aCommitThatFailsDropsTheState() throws Exception {
        var reply = call("a", pad -> pad.writeUndoably("refused"));
        committer.next().answer(FAILED);

        refused(reply, WriteFailed.class);
        dropped();
    }

    @Test
    void aCompensationChangesMemoryAlone() throws Exception {
        failure(call("a", pad -> {
            pad.lines.add("half done");
            Turn.undo().with(pad.lines::removeLast);
            Turn.undo()
                    .with(() -> assertThatThrownBy(() -> pad.write("stray")).isInstanceOf(IllegalStateException.class));
            Turn.undo()
                    .with(() -> assertThatThrownBy(() -> Turn.undo().with(() -> {}))
                            .isInstanceOf(IllegalStateException.class));
            Turn.undo()
                    .with(() -> assertThatThrownBy(() -> Turn.current().beginTransaction())
                            .isInstanceOf(IllegalStateException.class));
            Turn.undo().with(() -> assertThat(read("a")).isCompletedExceptionally());
            throw new IllegalArgumentException("bug");
        }));

        assertThat(value(read("a"))).isEmpty();
        assertThat(pads.loads).hasValue(1);
        assertThat(committer.units()).isEmpty();
    }

    @Test
    void nothingCanBeRegisteredOutsideARequest() throws Exception {
        assertThatThrownBy(() -> Turn.undo().with(() -> {})).isInstanceOf(IllegalStateException.class);
        pads.beforeLoad =
                key -> assertThatThrownBy(() -> Turn.undo().with(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(value(read("a"))).isEmpty();
    }

    private void dropped() throws Exception {
        assertThat(value(read("a"))).isEmpty();
        assertThat(pads.loads).hasValue(2);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// Requests of every kind in one turn, some of which fail and are undone or not, and some units of which the
    /// database refuses: memory says what a reload would.
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverFailsMemoryEqualsWhatAReloadGives(long seed) throws Exception {
        var luck = new Random(seed);
        committer.always(unit -> ScriptedCommitter.texts(unit).contains("bad") ? FAILED : new CommitResult.Committed());
        Gate gate = busy("a");
        var replies = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 12; i++) replies.add(call("a", step(luck.nextInt(8), "line" + i, luck.nextInt(4))));
        gate.open();
        for (var reply : replies) reply.exceptionally(failure -> null).join();

        assertThat(value(read("a"))).as("memory, seed " + seed).isEqualTo(committer.linesOf("a"));
    }

    private java.util.function.Function<Pad, Object> step(int kind, String line, int lines) {
        return pad -> {
            boolean undoes = kind != 3; // all of it or nothing
            for (int i = 0; undoes && i < lines; i++) pad.writeUndoably(line + "/" + i);
            switch (kind) {
                case 0 -> throw new IllegalArgumentException("bug");
                case 1 -> throw new Rejection(409, "no", "no");
                case 2 -> pad.write(line.endsWith("3") ? "bad" : line);
                case 3 -> {
                    pad.write(line);
                    throw new IllegalArgumentException("not undone");
                }
                case 4 ->
                    call("a", same -> {
                        same.writeUndoably(line + "/inner");
                        throw new IllegalArgumentException("undone, and ignored");
                    });
                case 5 ->
                    call("a", same -> {
                        same.write(line + "/inner");
                        throw new IllegalArgumentException("spoils everything");
                    });
                default -> pad.writeUndoably(line);
            }
            return line;
        };
    }
}
